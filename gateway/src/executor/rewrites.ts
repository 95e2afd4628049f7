import type { FetchDataRewrite } from '@apollo/query-planner';

import type { TypeTest } from './type-test.ts';
import { isObject, type Json } from './types.ts';

const FRAGMENT = '... on ';

/** What the planner orders done to a representation before, or to data after, a fetch; null for nothing. */
export type Rewrite = (value: unknown) => void;

export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  test: TypeTest,
): Rewrite | null {
  if (!rewrites?.length) return null;
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, test));
  return (value) => compiled.forEach((apply) => apply(value));
}

function compileRewrite(rewrite: FetchDataRewrite, test: TypeTest): Rewrite {
  const parents = rewrite.path.slice(0, -1);
  const field = rewrite.path.at(-1) ?? '';
  const change = (object: Json): void => {
    if (rewrite.kind === 'ValueSetter') {
      object[field] = rewrite.setValueTo;
    } else if (object[field]) {
      object[rewrite.renameKeyTo] = object[field];
      object[field] = undefined;
    }
  };
  return (value) => descend(value, parents, 0, test, change);
}

function descend(
  value: unknown,
  path: readonly string[],
  at: number,
  test: TypeTest,
  change: (o: Json) => void,
): void {
  if (Array.isArray(value)) {
    for (const element of value) descend(element, path, at, test, change);
    return;
  }
  if (!isObject(value)) return;
  const step = path[at];
  if (step === undefined) return change(value);
  if (!step.startsWith(FRAGMENT)) return descend(value[step], path, at + 1, test, change);
  const typename = value['__typename'];
  if (typeof typename !== 'string' || test(typename, step.slice(FRAGMENT.length))) {
    descend(value, path, at + 1, test, change);
  }
}
