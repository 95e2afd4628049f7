import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** What an operation asks for, with each fragment counted wherever it is spread. */
export interface Measure {
  readonly fields: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Root fields, of a selection set that is an operation's. */
  readonly width: number;
  /** Objects that the answer may hold, apart from those in lists whose size comes from above. */
  readonly cost: number;
  /** Objects that it may hold for each element of the nearest page above. */
  readonly costPerElement: number;
}

/** Arguments that say how long a list gets. */
const SIZE_ARGUMENTS = ['first', 'last', 'limit', 'take'];
/** What a list is taken to hold when nothing says it. */
export const ASSUMED_SIZE = 10;

const NOTHING: Measure = {
  fields: 0,
  depth: 0,
  aliases: 0,
  directives: 0,
  width: 0,
  cost: 0,
  costPerElement: 0,
};

/** The variables of a document that say how long a list gets. */
export function sizeVariablesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if (value.kind === Kind.VARIABLE && SIZE_ARGUMENTS.includes(name.value)) names.add(value.name.value);
    },
  });
  return [...names];
}

/**
 * Measures an operation in time linear in its text: each fragment is measured once. What a list in a fragment
 * costs depends on the page it is spread in, so costs are kept as a line, `cost + costPerElement × size`.
 */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Measure>();
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const total = measureSet(operation.selectionSet, schema.getRootType(operation.operation)?.name ?? '');
  const directives = total.directives + (operation.directives?.length ?? 0);
  return { ...total, directives, cost: total.cost + total.costPerElement * ASSUMED_SIZE, costPerElement: 0 };

  function measureSet(set: SelectionSetNode, typename: string): Measure {
    let sum = NOTHING;
    for (const selection of set.selections) {
      const directiveCount = selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) sum = add(sum, measureField(selection, typename), directiveCount);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const inner = measureSet(selection.selectionSet, selection.typeCondition?.name.value ?? typename);
        sum = add(sum, inner, directiveCount);
      } else sum = add(sum, measureFragment(selection.name.value), directiveCount);
    }
    return sum;
  }

  function measureFragment(name: string): Measure {
    const known = measured.get(name);
    if (known) return known;
    // a cycle counts for nothing here; validation refuses it
    measured.set(name, NOTHING);
    const fragment = fragments.get(name);
    const measure = fragment ? measureSet(fragment.selectionSet, fragment.typeCondition.name.value) : NOTHING;
    measured.set(name, measure);
    return measure;
  }

  function measureField(node: FieldNode, typename: string): Measure {
    const own = { ...NOTHING, fields: 1, depth: 1, width: 1, aliases: node.alias ? 1 : 0 };
    const parent = schema.getType(typename);
    const field =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    if (!field || !node.selectionSet || !isCompositeType(type)) return own;
    const inner = measureSet(node.selectionSet, type.name);
    return {
      ...own,
      fields: 1 + inner.fields,
      depth: 1 + inner.depth,
      aliases: own.aliases + inner.aliases,
      directives: inner.directives,
      ...costOf(field, sizeOf(field, node), inner),
    };
  }

  /** The size that the field's arguments ask for; null when it has no such argument. */
  function sizeOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number | null {
    const argument = field.args.find(({ name }) => SIZE_ARGUMENTS.includes(name));
    if (!argument) return null;
    let value = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    if (value?.kind === Kind.VARIABLE) {
      const given = variables[value.name.value];
      if (typeof given === 'number') return Math.max(0, given);
      value = given === undefined ? (defaults.get(value.name.value) ?? undefined) : undefined;
    }
    if (value?.kind === Kind.INT) return Math.max(0, Number(value.value));
    return typeof argument.defaultValue === 'number' ? argument.defaultValue : ASSUMED_SIZE;
  }
}

function costOf(
  field: GraphQLField<unknown, unknown>,
  size: number | null,
  { cost, costPerElement }: Measure,
): Pick<Measure, 'cost' | 'costPerElement'> {
  if (!isListType(getNullableType(field.type))) {
    // a page: its size is that of the list in it
    if (size !== null) return { cost: 1 + cost + costPerElement * size, costPerElement: 0 };
    return { cost: 1 + cost, costPerElement };
  }
  const element = 1 + cost + costPerElement * ASSUMED_SIZE;
  return size === null ? { cost: 0, costPerElement: element } : { cost: element * size, costPerElement: 0 };
}

function add(left: Measure, right: Measure, directives: number): Measure {
  return {
    fields: left.fields + right.fields,
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives + directives,
    width: left.width + right.width,
    cost: left.cost + right.cost,
    costPerElement: left.costPerElement + right.costPerElement,
  };
}
