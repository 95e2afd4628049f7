import {
  type DocumentNode,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

import type { Json, RawResult } from './types.ts';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** An operation in two: what asks about the schema itself, and what the subgraphs are to answer. */
export interface SplitOperation {
  readonly introspection: DocumentNode | null;
  readonly rest: DocumentNode | null;
}

/** Takes the introspection out of an operation: the planner stumbles over some of it. */
export function splitIntrospection(operation: OperationDefinitionNode, fragments: Fragments): SplitOperation {
  const documentOf = (selectionSet: SelectionSetNode | null): DocumentNode | null =>
    selectionSet && {
      kind: Kind.DOCUMENT,
      definitions: [{ ...operation, selectionSet }, ...fragments.values()],
    };
  const asks =
    operation.operation === OperationTypeNode.QUERY &&
    keep(operation.selectionSet, fragments, isIntrospection);
  if (!asks) return { introspection: null, rest: documentOf(operation.selectionSet) };
  const rest = keep(operation.selectionSet, fragments, (field) => !isIntrospection(field));
  return { introspection: documentOf(asks), rest: documentOf(rest) };
}

/** Answers introspection from the API schema. */
export async function introspect(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Json,
): Promise<RawResult> {
  return execute({ schema, document, variableValues: variables });
}

function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

/** The fields of a root selection set that are wanted, in fragments too; null when there is none. */
function keep(
  set: SelectionSetNode,
  fragments: Fragments,
  wanted: (field: FieldNode) => boolean,
): SelectionSetNode | null {
  const selections = set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return wanted(selection) ? [selection] : [];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const selectionSet = fragment && keep(fragment.selectionSet, fragments, wanted);
    if (!selectionSet) return [];
    return [{ kind: Kind.INLINE_FRAGMENT, selectionSet, directives: selection.directives ?? [] }];
  });
  return selections.length ? { kind: Kind.SELECTION_SET, selections } : null;
}
