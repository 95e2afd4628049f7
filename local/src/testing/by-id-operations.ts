import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  GraphQLID,
  type GraphQLInputField,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** An operation that asks for one thing by its id, `$id`. */
export interface ByIdOperation {
  readonly field: string;
  readonly kind: string;
  readonly text: string;
}

const SAMPLES: Readonly<Record<string, string>> = {
  ID: '"none"',
  Int: '1',
  Float: '1',
  Boolean: 'true',
  DateTime: '"2026-01-01T00:00:00.000Z"',
};

/**
 * One operation for each field of an API that takes an id: `kinds` says of what, by `field`, or by the argument or
 * input field that holds it. What else such a field requires is made up.
 */
export function byIdOperations(
  schema: GraphQLSchema,
  kinds: Readonly<Record<string, string>>,
): ByIdOperation[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([type, root]) =>
    Object.values(root?.getFields() ?? {}).flatMap((field) => {
      const place = idPlace(field, kinds);
      if (!place) return [];
      const args = literals(field.args, place.name);
      const text = `${type} ($id: ID!) { ${field.name}(${args}) ${selection(field.type)} }`;
      return [{ field: field.name, kind: place.kind, text }];
    }),
  );
}

/** The first id of a field that is of a known kind. */
function idPlace(
  field: GraphQLField<unknown, unknown>,
  kinds: Readonly<Record<string, string>>,
): { name: string; kind: string } | undefined {
  const places = field.args.flatMap((arg) => [arg, ...inputFields(arg.type)]);
  const ids = places.filter(({ type }) => getNullableType(type) === GraphQLID).map(({ name }) => name);
  return ids.flatMap((name) => {
    const kind = (name === 'id' ? undefined : kinds[name]) ?? kinds[field.name];
    return kind ? [{ name, kind }] : [];
  })[0];
}

function inputFields(type: GraphQLType): GraphQLInputField[] {
  const named = getNamedType(type);
  return isInputObjectType(named) ? Object.values(named.getFields()) : [];
}

function literals(of: readonly (GraphQLArgument | GraphQLInputField)[], idName: string): string {
  return of
    .filter(
      ({ type, name, defaultValue }) =>
        name === idName ||
        inputFields(type).some((field) => field.name === idName) ||
        (isNonNullType(type) && defaultValue === undefined),
    )
    .map(({ type, name }) => `${name}: ${literal(type, name, idName)}`)
    .join(', ');
}

function literal(type: GraphQLType, name: string, idName: string): string {
  const bare = getNullableType(type);
  if (isListType(bare)) return `[${literal(bare.ofType, '', idName)}]`;
  if (bare === GraphQLID && name === idName) return '$id';
  if (isInputObjectType(bare)) return `{ ${literals(Object.values(bare.getFields()), idName)} }`;
  if (isEnumType(bare)) return bare.getValues()[0]?.name ?? 'null';
  return SAMPLES[getNamedType(type).name] ?? '"made up"';
}

/** Leaves and names of types: enough to tell whether there is anything. */
function selection(type: GraphQLType): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return '{ __typename }';
  const inner = Object.values(named.getFields())
    .filter(({ args }) => !args.some((arg) => isNonNullType(arg.type)))
    .map((field) => {
      if (isLeafType(getNamedType(field.type))) return field.name;
      return field.name === 'errors' ? 'errors { code message path }' : `${field.name} { __typename }`;
    });
  return `{ ${inner.slice(0, 20).join(' ')} }`;
}
