import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

import type { TypeTest } from './type-test.ts';
import type { Json } from './types.ts';

/** One field of a response: the selections that ask for it, however many. */
export interface CollectedField {
  readonly name: string;
  readonly sets: SelectionSetNode[];
  /** One of the selections is of a withheld field. */
  isWithheld: boolean;
}

export interface Selecting {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced; only those that @skip and @include read are looked at. */
  readonly variables: Json;
  readonly test: TypeTest;
  readonly withheld?: ReadonlySet<FieldNode> | undefined;
}

/** The fields of selection sets on one concrete type by response key, in the order of the spec's CollectFields. */
export function collectFields(
  { fragments, variables, test, withheld }: Selecting,
  sets: readonly SelectionSetNode[],
  typename: string,
): Map<string, CollectedField> {
  const fields = new Map<string, CollectedField>();
  const spread = new Set<string>();
  for (const set of sets) walk(set);
  return fields;

  function walk(set: SelectionSetNode): void {
    for (const selection of set.selections) if (isIncluded(selection, variables)) take(selection);
  }

  function take(selection: SelectionNode): void {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const field = fields.get(key) ?? { name: selection.name.value, sets: [], isWithheld: false };
      fields.set(key, field);
      if (withheld?.has(selection)) field.isWithheld = true;
      if (selection.selectionSet) field.sets.push(selection.selectionSet);
      return;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (spread.has(selection.name.value)) return;
      spread.add(selection.name.value);
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return;
    const wanted = fragment.typeCondition?.name.value;
    if (!wanted || test(typename, wanted)) walk(fragment.selectionSet);
  }
}

function isIncluded(selection: SelectionNode, variables: Json): boolean {
  return (selection.directives ?? []).every((directive) => {
    if (directive.name.value === 'skip') return !condition(directive, variables);
    return directive.name.value !== 'include' || condition(directive, variables);
  });
}

function condition(directive: DirectiveNode, variables: Json): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return Boolean(variables[value.name.value]);
  return value?.kind === Kind.BOOLEAN && value.value;
}
