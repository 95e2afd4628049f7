import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  type OperationTypeNode,
  getOperationAST,
  parse,
  validate,
} from 'graphql';

import { withCode } from './graphql-errors.ts';

const CACHED = 500;

export type ReadDocument = (query: string) => DocumentNode | readonly GraphQLError[];

/** Parses and validates each query once while it is among those used last. */
export function createDocumentReader(schema: GraphQLSchema): ReadDocument {
  const cache = new Map<string, DocumentNode>();
  return (query) => {
    const known = cache.get(query);
    const document = known ?? read(schema, query);
    if (!('kind' in document)) return document;
    // a Map keeps the order of insertion: the first key is the one unused for longest
    cache.delete(query);
    cache.set(query, document);
    const [oldest] = cache.keys();
    if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest);
    return document;
  };
}

/** An error unless the document's operation of this name is of one of these types. */
export function checkOperation(
  document: DocumentNode,
  operationName: string | undefined,
  types: readonly `${OperationTypeNode}`[],
): GraphQLError | null {
  const operation = getOperationAST(document, operationName);
  if (operation && types.includes(operation.operation)) return null;
  return new GraphQLError(`the request names no ${types.join(' or ')}`, {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}

function read(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (err) {
    if (err instanceof GraphQLError) return [withCode(err, 'GRAPHQL_PARSE_FAILED')];
    throw err;
  }
  const errors = validate(schema, document);
  return errors.length > 0 ? errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) : document;
}
