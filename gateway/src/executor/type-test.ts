import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** Says whether an object of the named type is one of the condition's. */
export type TypeTest = (typename: string, condition: string) => boolean;

export function createTypeTest(schema: GraphQLSchema): TypeTest {
  return (typename, condition) => {
    if (typename === condition) return true;
    const type = schema.getType(typename);
    const wanted = schema.getType(condition);
    if (!isAbstractType(wanted) || !(isObjectType(type) || isInterfaceType(type))) return false;
    return schema.isSubType(wanted, type);
  };
}
