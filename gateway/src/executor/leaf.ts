import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';

/** Whether a value that a subgraph gave may stand for a leaf of the API schema. Custom scalars take all. */
export type LeafTest = (value: unknown) => boolean;

const isFinite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const scalars: Record<string, LeafTest> = {
  Int: (value) => isFinite(value) && Number.isInteger(value),
  Float: isFinite,
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  ID: (value) => typeof value === 'string' || (isFinite(value) && Number.isInteger(value)),
};

export function createLeafTest(type: GraphQLLeafType): LeafTest {
  if (isEnumType(type)) {
    // a value that is @inaccessible is none of the API schema's
    const names = new Set<unknown>(type.getValues().map((value) => value.name));
    return (value) => names.has(value);
  }
  return (isSpecifiedScalarType(type) && scalars[type.name]) || (() => true);
}
