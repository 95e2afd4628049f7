import { LruMap } from '@volna/platform/lru-map';
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

import { measureOperation, sizeVariablesOf } from './measure.ts';
import { countRepeats } from './repeats.ts';

/** What one operation may ask for. Introspection, where it is on, counts as one field. */
export interface OperationLimits {
  readonly tokens: number;
  /** Fields with every fragment expanded. */
  readonly fields: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  /** Pairs of selections in one place that ask for the same key, in the whole document. */
  readonly repeats: number;
  /** Objects that the answer may hold. */
  readonly cost: number;
}

export const OPERATION_LIMITS: OperationLimits = {
  tokens: 2000,
  fields: 1000,
  depth: 15,
  aliases: 30,
  rootFields: 20,
  directives: 50,
  repeats: 1000,
  cost: 10_000,
};

/** What an operation costs beside what it may, as the client is told. */
export interface Cost {
  readonly requested: number;
  readonly limit: number;
}

/** Refuses a document that takes long to validate. */
export function checkRepeats(limits: OperationLimits, document: DocumentNode): void {
  const repeats = countRepeats(document);
  if (repeats <= limits.repeats) return;
  throw new GraphQLError(`document too complex: repeats ${repeats} is over ${limits.repeats}`, {
    extensions: { code: 'OPERATION_TOO_COMPLEX', http: { status: 400 } },
  });
}

/** Tells what an operation costs; refuses one that asks for too much, before anything is planned. */
export type CheckLimits = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) => Cost;

/** Page sizes that one operation is asked for with are few. */
const MAX_COSTS = 32;

/** An operation that has passed is not measured again until it is asked for with other sizes of pages. */
export function createCheckLimits(limits: OperationLimits, schema: GraphQLSchema): CheckLimits {
  const passed = new WeakMap<OperationDefinitionNode, Passed>();

  return (document, operation, variables) => {
    let known = passed.get(operation);
    if (!known) {
      known = { sizes: sizeVariablesOf(document), costs: new LruMap<string, Cost>(MAX_COSTS) };
      passed.set(operation, known);
    }
    const asked = known.sizes.map((name) => keyOfSize(variables[name])).join();
    return known.costs.take(asked, () => checkLimits(limits, schema, document, operation, variables));
  };
}

interface Passed {
  /** Variables that say how long a list gets: nothing else that is given changes what the operation measures. */
  readonly sizes: readonly string[];
  readonly costs: LruMap<string, Cost>;
}

/** What is no number counts as if it were not said, but undefined alone lets the variable's default speak. */
function keyOfSize(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return value === undefined ? '' : 'other';
}

function checkLimits(
  limits: OperationLimits,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  const measure = measureOperation(schema, document, operation, variables);
  const measured: [name: string, value: number, limit: number][] = [
    ['fields', measure.fields, limits.fields],
    ['depth', measure.depth, limits.depth],
    ['aliases', measure.aliases, limits.aliases],
    ['root fields', measure.width, limits.rootFields],
    ['directives', measure.directives, limits.directives],
    ['cost', measure.cost, limits.cost],
  ];
  const over = measured.filter(([, value, limit]) => value > limit);
  const cost: Cost = { requested: finite(measure.cost), limit: limits.cost };
  if (over.length === 0) return cost;
  const parts = over.map(([name, value, limit]) => `${name} ${finite(value)} is over ${limit}`);
  throw new GraphQLError(`operation too complex: ${parts.join(', ')}`, {
    extensions: { code: 'OPERATION_TOO_COMPLEX', cost, http: { status: 400 } },
  });
}

/** Nested lists can be asked for beyond any number. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}
