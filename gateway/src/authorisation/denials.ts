import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

import { type Fragments, ROOT_TYPES } from './guarded-operation.ts';
import type { RuleTable } from './rule-table.ts';

/** One place of an operation where a field is asked for that its caller may not use. */
export interface Denial {
  readonly node: FieldNode;
  /** Response keys; `@` stands for "each of the list". */
  readonly path: readonly string[];
  /** Without this field there is nothing to answer: its null reaches the root. */
  readonly isFatal: boolean;
  /** Variables of @skip and @include on the way. */
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly variable: string;
  readonly wanted: boolean;
}

interface Place {
  readonly typename: string;
  readonly path: readonly string[];
  readonly bubbles: boolean;
  readonly conditions: readonly Condition[];
}

/** More places than this are not told one by one. */
export const MAX_DENIALS = 100;

/** Where an operation asks for the denied fields; what a constant @skip or @include leaves out is no such place. */
export function findDenials(
  table: RuleTable,
  fragments: Fragments,
  operation: OperationDefinitionNode,
  denied: ReadonlySet<FieldNode>,
): readonly Denial[] {
  const denials: Denial[] = [];
  const holding = new Map<string, boolean>();
  walk(operation.selectionSet, {
    typename: ROOT_TYPES[operation.operation],
    path: [],
    bubbles: true,
    conditions: [],
  });
  return denials;

  function walk({ selections }: SelectionSetNode, place: Place): void {
    for (const selection of selections) {
      const own = conditionsOf(selection);
      if (!own || denials.length === MAX_DENIALS) continue;
      const conditions = own.length ? [...place.conditions, ...own] : place.conditions;
      if (selection.kind === Kind.FIELD) enterField(selection, { ...place, conditions });
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const typename = selection.typeCondition?.name.value ?? place.typename;
        walk(selection.selectionSet, { ...place, typename, conditions });
      } else if (holds(selection.name.value)) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) continue;
        const typename = fragment.typeCondition.name.value;
        walk(fragment.selectionSet, { ...place, typename, conditions });
      }
    }
  }

  function enterField(node: FieldNode, { typename, path, bubbles, conditions }: Place): void {
    const field = table.get(typename)?.get(node.name.value);
    if (!field) return;
    const at = [...path, node.alias?.value ?? node.name.value];
    if (denied.has(node)) {
      denials.push({ node, path: at, isFatal: bubbles && field.isNonNull, conditions });
    } else if (node.selectionSet) {
      const lists = Array.from({ length: field.lists }, () => '@');
      const below = { typename: field.type, bubbles: bubbles && field.bubbles, conditions };
      walk(node.selectionSet, { ...below, path: [...at, ...lists] });
    }
  }

  /** Whether a fragment has a denied field in it, so that others need not be gone through wherever they are spread. */
  function holds(name: string): boolean {
    const known = holding.get(name);
    if (known !== undefined) return known;
    holding.set(name, false);
    const fragment = fragments.get(name);
    const found = fragment !== undefined && holdsIn(fragment.selectionSet);
    holding.set(name, found);
    return found;
  }

  function holdsIn({ selections }: SelectionSetNode): boolean {
    return selections.some((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return holds(selection.name.value);
      if (selection.kind === Kind.FIELD && denied.has(selection)) return true;
      return selection.selectionSet !== undefined && holdsIn(selection.selectionSet);
    });
  }
}

/** What has to be so for a selection to count; null where it never does. */
function conditionsOf({ directives = [] }: SelectionNode): readonly Condition[] | null {
  const conditions: Condition[] = [];
  for (const { name, arguments: [argument] = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const wanted = name.value === 'include';
    if (argument?.value.kind === Kind.VARIABLE)
      conditions.push({ variable: argument.value.name.value, wanted });
    else if (argument?.value.kind === Kind.BOOLEAN && argument.value.value !== wanted) return null;
  }
  return conditions;
}
