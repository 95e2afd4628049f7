import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { FetchNode, QueryPlanner } from '@apollo/query-planner';
import { LruMap } from '@volna/platform/lru-map';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

import { compilePlan } from './compile-plan.ts';
import { splitIntrospection } from './introspection.ts';
import { compileRewrites, type Rewrite } from './rewrites.ts';
import { Shape } from './shape.ts';
import type { TypeTest } from './type-test.ts';
import type { Json, Step, Withheld } from './types.ts';

/** What an executor knows of its supergraph. */
export interface Supergraph {
  readonly planner: QueryPlanner;
  readonly api: Schema;
  readonly schema: GraphQLSchema;
  /** Over all types of the subgraphs, also those that clients don't see. */
  readonly test: TypeTest;
}

/** An operation that has been planned and made into closures. */
export interface CompiledOperation {
  readonly operation: OperationDefinitionNode;
  readonly introspection: DocumentNode | null;
  /** Null when no subgraph has anything to do. */
  readonly run: Step | null;
  /** Of a subscription: the fetch whose stream gives the events. */
  readonly primary: FetchNode | null;
  readonly rewritePrimary: Rewrite | null;
  shapeFor(variables: Json): Shape;
}

const ROOT_TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;
/** One for each combination of the variables that @skip and @include read. */
const MAX_SHAPES = 16;

export function compileOperation(
  supergraph: Supergraph,
  document: DocumentNode,
  operationName?: string | null,
  withheld?: Withheld | null,
): CompiledOperation {
  const operation = pickOperation(document, operationName);
  const fragments = fragmentsOf(document);
  const { introspection, rest } = withheld
    ? splitIntrospection(pickOperation(withheld.document, operationName), fragmentsOf(withheld.document))
    : splitIntrospection(operation, fragments);
  return {
    operation,
    introspection,
    ...planOperation(supergraph, rest),
    shapeFor: createShapes(supergraph, document, operation, fragments, withheld?.fields),
  };
}

function planOperation(
  { api, planner, test }: Supergraph,
  document: DocumentNode | null,
): Pick<CompiledOperation, 'run' | 'primary' | 'rewritePrimary'> {
  if (!document) return { run: null, primary: null, rewritePrimary: null };
  const federated = operationFromDocument(api, document);
  const { node } = planner.buildQueryPlan(federated);
  const primary = node?.kind === 'Subscription' ? node.primary : null;
  const plan = node?.kind === 'Subscription' ? node.rest : node;
  return {
    run: plan ? compilePlan(plan, federated.variableDefinitions, test) : null,
    primary,
    rewritePrimary: compileRewrites(primary?.outputRewrites, test),
  };
}

function createShapes(
  { schema, test }: Supergraph,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  withheld: ReadonlySet<FieldNode> | undefined,
) {
  const conditions = conditionVariables(document);
  const shapes = new LruMap<string, Shape>(MAX_SHAPES);
  return (variables: Json): Shape =>
    shapes.take(conditions.map((name) => (variables[name] ? '1' : '0')).join(''), () => {
      const known = Object.fromEntries(conditions.map((name) => [name, variables[name]]));
      const selecting = { schema, test, fragments, variables: known, withheld };
      return new Shape(selecting, [operation.selectionSet], ROOT_TYPES[operation.operation]);
    });
}

function pickOperation(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const picked = name ? operations.find((operation) => operation.name?.value === name) : operations[0];
  if (picked && (name || operations.length === 1)) return picked;
  const message = name
    ? `Unknown operation named "${name}".`
    : 'Must provide operation name if query contains multiple operations.';
  throw new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: [argument] = [] }) {
      const reads = name.value === 'skip' || name.value === 'include';
      if (reads && argument?.value.kind === Kind.VARIABLE) names.add(argument.value.name.value);
    },
  });
  return [...names];
}
