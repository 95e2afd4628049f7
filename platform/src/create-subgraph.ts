import { buildSubgraphSchema } from '@apollo/subgraph';
import { type ExecutionArgs, type ExecutionResult, createSourceEventStream, execute, parse } from 'graphql';

import { checkOperation, createDocumentReader } from './graphql-documents.ts';
import { maskErrors } from './graphql-errors.ts';
import type { Caller } from './identity.ts';
import { withCorrelationId } from './log.ts';
import { positionOf } from './stream-position.ts';
import { mapStream } from './subgraph-stream.ts';
import type { Subgraph, SubgraphRequest } from './subgraph.ts';

type SchemaModule = Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>[number];

export interface SubgraphOptions<Context extends object> {
  readonly name: string;
  readonly typeDefs: string;
  /** A codegen'd `Resolvers` map. */
  readonly resolvers: object;
  /** Called for each operation, and for each event of a subscription, so that loaders never serve old rows. */
  readonly createContext: (caller: Caller) => Context;
}

/** A subgraph that runs in this process; `serveSubgraph` puts it behind a URL. */
export function createSubgraph<Context extends object>(options: SubgraphOptions<Context>): Subgraph {
  const { name, typeDefs, resolvers, createContext } = options;
  const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers } as SchemaModule]);
  const readDocument = createDocumentReader(schema);

  function prepare(
    { query, operationName, variables }: SubgraphRequest,
    caller: Caller,
    types: readonly ('query' | 'mutation' | 'subscription')[],
  ): ExecutionArgs | ExecutionResult {
    const document = readDocument(query);
    if (!('kind' in document)) return { errors: document };
    const mismatch = checkOperation(document, operationName, types);
    if (mismatch) return { errors: [mismatch] };
    return {
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: createContext(caller),
    };
  }

  return {
    name,
    execute: (request, caller) =>
      withCorrelationId(caller.correlationId, async () => {
        const args = prepare(request, caller, ['query', 'mutation']);
        return 'schema' in args ? maskErrors(await execute(args), caller.correlationId) : args;
      }),
    subscribe(request, caller) {
      const finish = (result: ExecutionResult) => maskErrors(result, caller.correlationId);
      let prepared: ExecutionArgs;
      return mapStream({
        open: () =>
          withCorrelationId(caller.correlationId, async () => {
            const args = prepare(request, caller, ['subscription']);
            if (!('schema' in args)) return args;
            prepared = args;
            return createSourceEventStream(args);
          }),
        each: (event) =>
          withCorrelationId(caller.correlationId, async () =>
            withPosition(
              event,
              finish(await execute({ ...prepared, rootValue: event, contextValue: createContext(caller) })),
            ),
          ),
        finish,
      });
    },
  };
}

/** For the gateway, which tells clients nothing of it. */
function withPosition(event: unknown, result: ExecutionResult): ExecutionResult {
  const position = positionOf(event);
  return position === undefined ? result : { ...result, extensions: { position } };
}
