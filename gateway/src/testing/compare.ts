import { createExecutor } from '../executor/index.ts';
import type { Answer } from './answer.ts';
import { startStockGateway } from './stock-gateway.ts';
import { stranger, type ToySupergraph } from './supergraph.ts';

export interface Comparison extends AsyncDisposable {
  ours(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  theirs(query: string, variables?: Record<string, unknown>): Promise<Answer>;
}

/** Our executor and @apollo/gateway over the same subgraphs. */
export async function startComparison(toys: ToySupergraph): Promise<Comparison> {
  const stock = await startStockGateway(toys);
  const executor = createExecutor({
    supergraphSdl: toys.supergraphSdl,
    send: async (service, body) =>
      (await toys.subgraphs[service]?.execute(JSON.parse(body), stranger)) as object,
  });
  return {
    async ours(query, variables) {
      const { data, errors } = await executor.execute({ query, variables, context: undefined });
      return JSON.parse(JSON.stringify({ data, errors: told(errors?.map((error) => error.toJSON())) }));
    },
    async theirs(query, variables) {
      const { data, errors } = (await stock.execute(query, variables)) as Answer;
      return { data, errors: told(errors) };
    },
    [Symbol.asyncDispose]: async () => stock[Symbol.asyncDispose](),
  };
}

/** Errors as lines, in no order: they come as the subgraphs answer. */
function told(errors: Answer[] = []): string[] {
  return errors
    .map(({ message, path, extensions }) =>
      [path?.join('.'), message, extensions?.code, extensions?.serviceName].join(' '),
    )
    .toSorted();
}
