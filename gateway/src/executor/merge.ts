import { isObject, type Json, type Path } from './types.ts';

/** Merges what a fetch gave into what is there, in place. Lists of equal length are merged element by element. */
export function merge(target: Json, source: Json): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value !== undefined) target[key] = merged(target[key], value);
  }
}

function merged(present: unknown, value: unknown): unknown {
  if (present === value) return value;
  if (Array.isArray(value)) {
    if (!Array.isArray(present) || present.length !== value.length) return value;
    for (let i = 0; i < value.length; i++) present[i] = merged(present[i], value[i]);
    return present;
  }
  if (!isObject(present) || !isObject(value)) return value;
  merge(present, value);
  return present;
}

/** The objects at a plan path below a value, each once however often the result holds it. */
export function objectsAt(value: unknown, path: Path): Json[] {
  const found = new Set<Json>();
  collect(value, path, 0, found);
  return [...found];
}

function collect(value: unknown, path: Path, at: number, found: Set<Json>): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    const next = path[at] === '@' ? at + 1 : at;
    for (const element of value) collect(element, path, next, found);
  } else if (at === path.length) {
    if (isObject(value)) found.add(value);
  } else if (isObject(value)) {
    collect(value[path[at] as string], path, at + 1, found);
  }
}

/** Every response path at which an object stands; only walked when an error is to be placed. */
export function pathsTo(root: Json, path: Path, target: Json): (string | number)[][] {
  const found: (string | number)[][] = [];
  walk(root, 0, []);
  return found;

  function walk(value: unknown, at: number, before: (string | number)[]): void {
    if (Array.isArray(value)) {
      const next = path[at] === '@' ? at + 1 : at;
      value.forEach((element, index) => walk(element, next, [...before, index]));
    } else if (at === path.length) {
      if (value === target) found.push(before);
    } else if (isObject(value)) {
      const key = path[at] as string;
      walk(value[key], at + 1, [...before, key]);
    }
  }
}

/** A deep copy of JSON. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isObject(value)) return value;
  const out: Json = {};
  for (const key of Object.keys(value)) out[key] = copy(value[key]);
  return out as T;
}
