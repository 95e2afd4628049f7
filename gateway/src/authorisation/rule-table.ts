import { Kind, parse, type SelectionSetNode } from 'graphql';

import { allOf, FREE, implies, isFree, type Rule } from './rule.ts';
import { type DeclaredField, type DeclaredType, readTypes } from './supergraph-types.ts';

export interface TableField extends DeclaredField {
  /** All that counts for the field; null where it is open to everybody. */
  readonly rule: Rule | null;
}

/** By type and field. */
export type RuleTable = ReadonlyMap<string, ReadonlyMap<string, TableField>>;

/**
 * Reads the rules of a supergraph. What a field needs is what it states itself, what its parent and its type state, and
 * what the fields that it `@requires` need. Through an interface a field needs what it needs on any implementing type. What
 * only the interface states counts for every implementing type; but composition writes the implementing types' rules
 * on the interface too, and those must not come back upon the others.
 */
export function readRuleTable(supergraphSdl: string): RuleTable {
  const types = readTypes(parse(supergraphSdl, { noLocation: true }));
  const rules = new Rules(types);
  return new Map(
    [...types.values()].map((type) => [
      type.name,
      new Map([...type.fields].map(([name, field]) => [name, { ...field, rule: rules.shown(type, name) }])),
    ]),
  );
}

class Rules {
  readonly #types: ReadonlyMap<string, DeclaredType>;
  readonly #implementing = new Map<string, DeclaredType[]>();
  /** Without what it requires while that is being worked out, so that a circle ends. */
  readonly #byField = new Map<string, Rule>();

  constructor(types: ReadonlyMap<string, DeclaredType>) {
    this.#types = types;
    for (const type of types.values()) {
      if (type.isInterface) continue;
      for (const name of type.interfaces)
        this.#implementing.set(name, [...(this.#implementing.get(name) ?? []), type]);
    }
  }

  shown(type: DeclaredType, field: string): Rule | null {
    const rule = this.#ofField(type, field);
    return isFree(rule) ? null : rule;
  }

  #ofField(type: DeclaredType, name: string): Rule {
    const key = `${type.name}.${name}`;
    const known = this.#byField.get(key);
    if (known) return known;
    const field = type.fields.get(name);
    const own = allOf([
      this.#ofType(type),
      this.#stated(type, ({ fields }) => fields.get(name)?.own),
      this.#ofType(this.#types.get(field?.type ?? '')),
    ]);
    this.#byField.set(key, own);
    const rule = allOf([
      own,
      ...(field?.requires ?? []).map((requires) => this.#ofRequired(type, requires)),
      ...this.#implementers(type).map((implementing) => this.#ofField(implementing, name)),
    ]);
    this.#byField.set(key, rule);
    return rule;
  }

  #ofType(type: DeclaredType | undefined): Rule {
    if (!type) return FREE;
    const ofImplementers = this.#implementers(type).map((implementing) => this.#ofType(implementing));
    return allOf([this.#stated(type, ({ own }) => own), ...ofImplementers]);
  }

  /** What a type states, with what its interfaces state of their own accord. */
  #stated(type: DeclaredType, own: (of: DeclaredType) => Rule | undefined): Rule {
    const inherited = type.interfaces.flatMap((name): Rule[] => {
      const parent = this.#types.get(name);
      const stated = parent && own(parent);
      if (!stated) return [];
      const derived = allOf((this.#implementing.get(name) ?? []).map((one) => own(one) ?? FREE));
      return implies(derived, stated) ? [] : [stated];
    });
    return allOf([own(type) ?? FREE, ...inherited]);
  }

  #implementers(type: DeclaredType): readonly DeclaredType[] {
    return (type.isInterface && this.#implementing.get(type.name)) || [];
  }

  #ofRequired(type: DeclaredType, requires: string): Rule {
    const [operation] = parse(`{ ${requires} }`, { noLocation: true }).definitions;
    return operation?.kind === Kind.OPERATION_DEFINITION ? this.#ofSet(type, operation.selectionSet) : FREE;
  }

  #ofSet(type: DeclaredType | undefined, { selections }: SelectionSetNode): Rule {
    if (!type) return FREE;
    return allOf(
      selections.map((selection) => {
        if (selection.kind === Kind.FRAGMENT_SPREAD) return FREE;
        if (selection.kind === Kind.INLINE_FRAGMENT)
          return this.#ofSet(
            this.#types.get(selection.typeCondition?.name.value ?? type.name),
            selection.selectionSet,
          );
        const below = this.#types.get(type.fields.get(selection.name.value)?.type ?? '');
        const inner = selection.selectionSet ? this.#ofSet(below, selection.selectionSet) : FREE;
        return allOf([this.#ofField(type, selection.name.value), inner]);
      }),
    );
  }
}
