import type { Schemas } from '@qdrant/js-client-rest';

import type { VectorFilter } from './vectors.ts';

type Value = string | number | boolean;
type Condition = Schemas['FieldCondition'] | Schemas['Filter'];

/** The same filter in Qdrant's words, or null where no payload can pass it. */
export function toQdrantFilter({
  anyOf = {},
  noneOf = {},
  range = {},
}: VectorFilter): Schemas['Filter'] | null {
  const wanted = Object.entries(anyOf).map(([field, values]) => equalsAny(field, values));
  // Qdrant takes a `should` of nothing for no condition.
  if (wanted.some((conditions) => conditions.length === 0)) return null;
  const bounds = Object.entries(range).map(([key, { gte, lte }]) => ({ key, range: toRange(gte, lte) }));
  return {
    must: [...wanted.map((should): Condition => ({ should })), ...bounds],
    must_not: Object.entries(noneOf).flatMap(([field, values]) => equalsAny(field, values)),
  };
}

/** Qdrant matches any of several strings or any of several integers; all else is a condition for each. */
function equalsAny(key: string, values: readonly Value[]): Schemas['FieldCondition'][] {
  const strings = values.filter((value) => typeof value === 'string');
  const integers = values
    .filter((value) => typeof value === 'number')
    .filter((value) => Number.isInteger(value));
  const fractions = values
    .filter((value) => typeof value === 'number')
    .filter((value) => !Number.isInteger(value));
  const booleans = values.filter((value) => typeof value === 'boolean');
  return [
    ...(strings.length > 0 ? [{ key, match: { any: strings } }] : []),
    ...(integers.length > 0 ? [{ key, match: { any: integers } }] : []),
    ...fractions.map((value) => ({ key, range: { gte: value, lte: value } })),
    ...booleans.map((value) => ({ key, match: { value } })),
  ];
}

function toRange(gte: number | undefined, lte: number | undefined): Schemas['Range'] {
  return { ...(gte === undefined ? {} : { gte }), ...(lte === undefined ? {} : { lte }) };
}
