import type { VectorFilter, VectorPayload } from './vectors.ts';

type Test = (payload: VectorPayload) => boolean;

/** A filter as a function of one payload. */
export function compileFilter({ anyOf = {}, noneOf = {}, range = {} }: VectorFilter): Test {
  const tests = [
    ...Object.entries(anyOf).map(([field, values]) => equalsAny(field, values)),
    ...Object.entries(noneOf).map(([field, values]) => not(equalsAny(field, values))),
    ...Object.entries(range).map(([field, bounds]) => isWithin(field, bounds)),
  ];
  return (payload) => tests.every((test) => test(payload));
}

function equalsAny(field: string, values: readonly (string | number | boolean)[]): Test {
  const wanted = new Set<unknown>(values);
  return (payload) => {
    const value = payload[field];
    return Array.isArray(value) ? value.some((element) => wanted.has(element)) : wanted.has(value);
  };
}

function not(test: Test): Test {
  return (payload) => !test(payload);
}

function isWithin(field: string, { gte = -Infinity, lte = Infinity }: { gte?: number; lte?: number }): Test {
  return (payload) => {
    const value = payload[field];
    return typeof value === 'number' && value >= gte && value <= lte;
  };
}
