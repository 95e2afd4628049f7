import {
  type GraphQLOutputType,
  type GraphQLSchema,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';

import { type CollectedField, collectFields, type Selecting } from './collect-fields.ts';
import { createLeafTest } from './leaf.ts';
import { isObject, type Json, type RawError } from './types.ts';

/** A null that a non-null type may not show: what holds it becomes null. */
const INVALID = Symbol('null that bubbles up');

export interface Shaping {
  readonly path: (string | number)[];
  /** Plain, because most are dropped and an Error's stack is dear. */
  readonly errors: RawError[];
}

type Complete = (value: unknown, shaping: Shaping) => unknown;

interface ShapedField {
  readonly key: string;
  /** Null for `__typename`. */
  readonly complete: Complete | null;
}

interface Shapes extends Selecting {
  readonly schema: GraphQLSchema;
}

/**
 * Makes from what the subgraphs gave exactly what the client asked for: its fields in its order, nulls bubbled
 * up. Fields are worked out once for each concrete type that turns up.
 */
export class Shape {
  readonly #byType = new Map<string, readonly ShapedField[]>();
  readonly #shapes: Shapes;
  readonly #sets: readonly SelectionSetNode[];
  readonly #parent: string;

  constructor(shapes: Shapes, sets: readonly SelectionSetNode[], parent: string) {
    this.#shapes = shapes;
    this.#sets = sets;
    this.#parent = parent;
  }

  apply(value: Json, shaping: Shaping): Json | null {
    const stated = value['__typename'];
    const typename = typeof stated === 'string' ? stated : this.#parent;
    if (!isCompositeType(this.#shapes.schema.getType(typename))) {
      report(shaping, `Invalid __typename found for object at field ${shaping.path.join('.')}.`);
      return null;
    }
    const shaped: Json = {};
    for (const { key, complete } of this.#fields(typename)) {
      if (!complete) {
        const name = this.#typename(value[key] ?? typename);
        if (!name) return null;
        shaped[key] = name;
        continue;
      }
      shaping.path.push(key);
      const completed = complete(value[key], shaping);
      shaping.path.pop();
      if (completed === INVALID) return null;
      shaped[key] = completed;
    }
    return shaped;
  }

  #typename(stated: unknown): string | null {
    const type = this.#shapes.schema.getType(String(stated));
    return isObjectType(type) ? type.name : null;
  }

  #fields(typename: string): readonly ShapedField[] {
    let fields = this.#byType.get(typename);
    if (!fields) {
      fields = [...collectFields(this.#shapes, this.#sets, typename)].map(([key, field]) => ({
        key,
        complete: field.name === '__typename' ? null : this.#completeField(typename, field),
      }));
      this.#byType.set(typename, fields);
    }
    return fields;
  }

  #completeField(typename: string, { name, sets, isWithheld }: CollectedField): Complete {
    // introspection has been answered by graphql-js
    if (name.startsWith('__')) return (value) => value ?? null;
    const parent = this.#shapes.schema.getType(typename);
    const field = parent && 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (!field) throw new Error(`no field ${typename}.${name}`);
    if (isWithheld) return () => (isNonNullType(field.type) ? INVALID : null);
    return this.#completer(field.type as GraphQLOutputType, sets, `${typename}.${name}`);
  }

  #completer(type: GraphQLOutputType, sets: readonly SelectionSetNode[], where: string): Complete {
    if (isNonNullType(type)) return completeNonNull(this.#completer(type.ofType, sets, where), where);
    if (isListType(type)) return completeList(this.#completer(type.ofType, sets, where));
    if (isLeafType(type)) {
      const test = createLeafTest(type);
      return (value, shaping) => {
        if (value === null || value === undefined) return null;
        if (test(value)) return value;
        report(shaping, `Invalid value found for field ${where}.`);
        return null;
      };
    }
    const shape = new Shape(this.#shapes, sets, type.name);
    return (value, shaping) => (isObject(value) ? shape.apply(value, shaping) : null);
  }
}

function completeNonNull(complete: Complete, where: string): Complete {
  return (value, shaping) => {
    const before = shaping.errors.length;
    const completed = complete(value, shaping);
    if (completed !== null) return completed;
    if (shaping.errors.length === before)
      report(shaping, `Cannot return null for non-nullable field ${where}.`);
    return INVALID;
  };
}

function completeList(complete: Complete): Complete {
  return (value, shaping) => {
    if (!Array.isArray(value)) return null;
    let valid = true;
    const list = value.map((element: unknown, index) => {
      shaping.path.push(index);
      const completed = complete(element, shaping);
      shaping.path.pop();
      if (completed === INVALID) valid = false;
      return completed;
    });
    return valid ? list : null;
  };
}

function report({ errors, path }: Shaping, message: string): void {
  errors.push({ message, path: [...path], extensions: { code: 'INVALID_GRAPHQL' } });
}
