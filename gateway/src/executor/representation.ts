import type { QueryPlanSelectionNode } from '@apollo/query-planner';

import { merge } from './merge.ts';
import type { TypeTest } from './type-test.ts';
import { isObject, type Json } from './types.ts';

/** Takes from an object what a subgraph needs to know it by; null when a part of that is missing. */
export type Represent = (object: Json) => Json | null;
type Copy = (from: Json, to: Json) => boolean;

export function compileRepresentation(
  selections: readonly QueryPlanSelectionNode[],
  test: TypeTest,
): Represent {
  const copies = selections.map((selection) => compileSelection(selection, test));
  return (object) => {
    const representation: Json = {};
    for (const copyPart of copies) if (!copyPart(object, representation)) return null;
    return representation;
  };
}

function compileSelection(selection: QueryPlanSelectionNode, test: TypeTest): Copy {
  if (selection.kind === 'InlineFragment') {
    const inner = compileRepresentation(selection.selections, test);
    const condition = selection.typeCondition;
    return (from, to) => {
      if (condition && !test(String(from['__typename']), condition)) return true;
      const part = inner(from);
      if (part) merge(to, part);
      return true;
    };
  }
  const key = selection.alias ?? selection.name;
  const inner = selection.selections && compileRepresentation(selection.selections, test);
  const convert = (value: unknown): unknown => {
    if (!inner) return value;
    if (Array.isArray(value)) return value.map(convert);
    return isObject(value) ? inner(value) : value;
  };
  return (from, to) => {
    const value = from[key];
    if (value === undefined) return false;
    to[key] = convert(value);
    return true;
  };
}
