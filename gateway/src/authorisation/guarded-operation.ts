import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import type { RuleTable } from './rule-table.ts';
import { keyOf, type Rule } from './rule.ts';

/** The fields of one operation that not everybody may use. */
export interface GuardedOperation {
  /** Each different one once. */
  readonly rules: readonly Rule[];
  /**
   * By node the place of its rule in `rules`. A node's parent type is known from the text alone, so one node has one
   * rule wherever its fragment is spread.
   */
  readonly fields: ReadonlyMap<FieldNode, number>;
}

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
export const ROOT_TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Finds the guarded fields of a valid operation, in time linear in its text. */
export function guardOperation(
  table: RuleTable,
  fragments: Fragments,
  operation: OperationDefinitionNode,
): GuardedOperation {
  const places = new Map<string, number>();
  const rules: Rule[] = [];
  const fields = new Map<FieldNode, number>();
  const seen = new Set<string>();
  walk(operation.selectionSet, ROOT_TYPES[operation.operation]);
  return { rules, fields };

  function walk({ selections }: SelectionSetNode, typename: string): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field = table.get(typename)?.get(selection.name.value);
        if (field?.rule) fields.set(selection, placeOf(field.rule));
        if (field && selection.selectionSet) walk(selection.selectionSet, field.type);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? typename);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(fragment.selectionSet, fragment.typeCondition.name.value);
      }
    }
  }

  function placeOf(rule: Rule): number {
    const key = keyOf(rule);
    const place = places.get(key) ?? rules.push(rule) - 1;
    places.set(key, place);
    return place;
  }
}

export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
