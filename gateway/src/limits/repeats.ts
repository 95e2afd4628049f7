import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

/**
 * How many pairs of selections in one place ask for the same key. Validation compares each such pair, with all that is
 * in them, so that a few kilobytes of repetition take it a second; this is counted in time linear in the text.
 */
export function countRepeats({ definitions }: DocumentNode): number {
  let pairs = 0;
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION)
      countSet(definition.selectionSet, new Map());
  }
  return pairs;

  /** The selections of inline fragments are in the place that these are in. */
  function countSet({ selections }: SelectionSetNode, seen: Map<string, number>): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) countSet(selection.selectionSet, seen);
      if (selection.kind !== Kind.FIELD) continue;
      const key = selection.alias?.value ?? selection.name.value;
      const times = seen.get(key) ?? 0;
      pairs += times;
      seen.set(key, times + 1);
      if (selection.selectionSet) countSet(selection.selectionSet, new Map());
    }
  }
}
