import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** ISO 8601 in UTC with milliseconds, from a Date or a string that is one. */
export const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize: (value) => read(value),
  parseValue: (value) => read(value),
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : null),
});

function read(value: unknown): string {
  const instant = value instanceof Date ? value : new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(instant.getTime())) {
    throw new GraphQLError('not an ISO 8601 instant', { extensions: { code: 'BAD_USER_INPUT' } });
  }
  return instant.toISOString();
}
