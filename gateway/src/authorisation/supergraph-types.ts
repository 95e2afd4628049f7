import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';

import type { Rule } from './rule.ts';
import { type DirectiveNames, readDirectiveNames, readRule } from './security-directives.ts';

/** A field as the supergraph declares it. */
export interface DeclaredField {
  readonly own: Rule;
  /** Name of the type without lists and `!`. */
  readonly type: string;
  readonly isNonNull: boolean;
  /** No layer of the type lets a null through: neither the field nor, of a list, its elements. */
  readonly bubbles: boolean;
  /** How deep in lists its values are. */
  readonly lists: number;
  /** Selections that its resolver is given. */
  readonly requires: readonly string[];
}

export interface DeclaredType {
  readonly name: string;
  readonly isInterface: boolean;
  readonly own: Rule;
  readonly interfaces: readonly string[];
  readonly fields: ReadonlyMap<string, DeclaredField>;
}

/** The types of a supergraph with the rules that they state themselves. */
export function readTypes(document: DocumentNode): ReadonlyMap<string, DeclaredType> {
  const names = readDirectiveNames(document);
  const types = new Map<string, DeclaredType>();
  for (const definition of document.definitions.filter(isTypeDefinitionNode)) {
    if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) continue;
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    const interfaces = 'interfaces' in definition ? (definition.interfaces ?? []) : [];
    types.set(definition.name.value, {
      name: definition.name.value,
      isInterface: definition.kind === Kind.INTERFACE_TYPE_DEFINITION,
      own: readRule(names, definition.directives),
      interfaces: interfaces.map(({ name }) => name.value),
      fields: new Map(fields.map((field) => [field.name.value, readField(names, field)])),
    });
  }
  return types;
}

function readField(names: DirectiveNames, { type, directives = [] }: FieldDefinitionNode): DeclaredField {
  return {
    own: readRule(names, directives),
    type: namedTypeOf(type),
    isNonNull: type.kind === Kind.NON_NULL_TYPE,
    bubbles: isNonNullThroughout(type),
    lists: depthOf(type),
    requires: directives.filter(({ name }) => name.value === 'join__field').flatMap(requiresOf),
  };
}

function requiresOf({ arguments: given = [] }: ConstDirectiveNode): string[] {
  const requires = given.find(({ name }) => name.value === 'requires');
  return requires ? [String(valueFromASTUntyped(requires.value))] : [];
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

function isNonNullThroughout(type: TypeNode): boolean {
  if (type.kind !== Kind.NON_NULL_TYPE) return false;
  return type.type.kind === Kind.NAMED_TYPE || isNonNullThroughout(type.type.type);
}

function depthOf(type: TypeNode): number {
  if (type.kind === Kind.NAMED_TYPE) return 0;
  return depthOf(type.type) + (type.kind === Kind.LIST_TYPE ? 1 : 0);
}
