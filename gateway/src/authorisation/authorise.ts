import { SIGN_IN_FIRST } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { LruMap } from '@volna/platform/lru-map';
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';

import type { Withheld } from '../executor/index.ts';
import { Refusal } from '../operations/refusal.ts';
import { type Denial, findDenials, MAX_DENIALS } from './denials.ts';
import { fragmentsOf, guardOperation, type GuardedOperation } from './guarded-operation.ts';
import { readRuleTable, type RuleTable } from './rule-table.ts';
import { describeRule, type HoldsPolicy, isSatisfied } from './rule.ts';

/**
 * Says what of a valid operation its caller may not have; null where it may have all. Throws `Refusal` for a mutation
 * or a subscription that holds a denied field, and for a query of which nothing would be left.
 */
export type Authorise = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  viewer: Viewer | null,
) => Withheld | null;

interface Known extends GuardedOperation {
  /** By the places of the rules that are not satisfied. */
  readonly lessened: LruMap<string, Lessened>;
}

/** An operation without fields of some rules. */
interface Lessened {
  readonly document: DocumentNode;
  readonly fields: ReadonlySet<FieldNode>;
  readonly denials: readonly Denial[];
  /** Made when a denial is told for the first time: an Error's stack is dear. */
  readonly errors: Map<Denial, GraphQLError>;
}

/** Callers differ in few ways: a stranger, a user, an ADMIN, a few sets of scopes. */
const MAX_LESSENED = 8;
const STRANGER = 'stranger,';

export interface AuthoriseOptions {
  readonly supergraphSdl: string;
  /** Nobody holds any where this is left out. */
  readonly holdsPolicy?: HoldsPolicy | undefined;
}

export function createAuthorise({ supergraphSdl, holdsPolicy = () => false }: AuthoriseOptions): Authorise {
  const table = readRuleTable(supergraphSdl);
  const known = new WeakMap<OperationDefinitionNode, Known>();

  return (document, operation, variables, viewer) => {
    let guarded = known.get(operation);
    if (!guarded) {
      const lessened = new LruMap<string, Lessened>(MAX_LESSENED);
      guarded = { ...guardOperation(table, fragmentsOf(document), operation), lessened };
      known.set(operation, guarded);
    }
    let failing = viewer ? '' : STRANGER;
    for (const [place, rule] of guarded.rules.entries())
      if (!isSatisfied(rule, viewer, holdsPolicy)) failing += `${place},`;
    if (failing === '' || failing === STRANGER) return null;
    const found = guarded;
    const lessened = found.lessened.take(failing, () => lessen(table, document, operation, found, failing));
    return withhold(lessened, found, operation, variables, viewer);
  };
}

function lessen(
  table: RuleTable,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { fields }: GuardedOperation,
  failing: string,
): Lessened {
  const failed = new Set(failing.split(','));
  const denied = new Set<FieldNode>();
  for (const [node, place] of fields) if (failed.has(String(place))) denied.add(node);
  const denials = findDenials(table, fragmentsOf(document), operation, denied);
  return { document: leaveOut(document, denied), fields: denied, denials, errors: new Map() };
}

/** What is left of a document; an object of which nothing is left is still asked for, to know whether it is there. */
function leaveOut(document: DocumentNode, denied: ReadonlySet<FieldNode>): DocumentNode {
  return visit(document, {
    Field: { enter: (node) => (denied.has(node) ? null : undefined) },
    SelectionSet: {
      leave: (set) => (set.selections.length ? undefined : { ...set, selections: [TYPENAME] }),
    },
  });
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function withhold(
  { document, fields, denials, errors }: Lessened,
  guarded: GuardedOperation,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  viewer: Viewer | null,
): Withheld | null {
  const isTooMuch = denials.length === MAX_DENIALS;
  const found = denials.filter(({ conditions }) =>
    conditions.every(({ variable, wanted }) => valueOf(operation, variable, variables) !== !wanted),
  );
  if (found.length === 0 && !isTooMuch) return null;
  const asked = found.length ? found : denials;
  for (const denial of asked)
    if (!errors.has(denial)) errors.set(denial, explain(denial, guarded, viewer !== null));
  const told = new Map(asked.map((denial) => [denial.path.join('.'), errors.get(denial)]));
  const withheld = { document, fields, errors: [...told.values()].filter((error) => error !== undefined) };
  const isWhole =
    operation.operation !== OperationTypeNode.QUERY || isTooMuch || asked.some(({ isFatal }) => isFatal);
  if (isWhole) throw new Refusal(withheld.errors);
  return withheld;
}

function explain(
  { node, path }: Denial,
  { fields, rules }: GuardedOperation,
  isSignedIn: boolean,
): GraphQLError {
  const rule = rules[fields.get(node) ?? 0];
  const message = isSignedIn && rule ? `this needs ${describeRule(rule)}` : SIGN_IN_FIRST;
  const extensions = { code: isSignedIn ? 'FORBIDDEN' : 'UNAUTHENTICATED' };
  return new GraphQLError(message, { nodes: node, path, extensions });
}

/** The value that a condition sees. One that is no boolean does not let a field out of the check. */
function valueOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  name: string,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  const given = variables[name];
  if (given !== undefined) return given;
  const declared = variableDefinitions.find(({ variable }) => variable.name.value === name);
  return declared?.defaultValue?.kind === Kind.BOOLEAN ? declared.defaultValue.value : undefined;
}
