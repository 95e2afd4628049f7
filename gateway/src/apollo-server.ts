import {
  ApolloServer,
  HeaderMap,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
} from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { correlationId, logger } from '@volna/platform/log';
import { OperationTypeNode } from 'graphql';

import type { Authorise } from './authorisation/authorise.ts';
import type { OperationContext } from './context.ts';
import { toClientError } from './errors/client-errors.ts';
import { statusOf } from './errors/status.ts';
import type { Executor } from './executor/index.ts';
import { createCheckLimits, type OperationLimits } from './limits/limits.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';
import { Refusal } from './operations/refusal.ts';
import { extensionsOf } from './operations/results.ts';
import { noStream } from './operations/run-once.ts';

export interface ApolloOptions {
  readonly supergraphSdl: string;
  readonly executor: Executor<OperationContext>;
  readonly limits: OperationLimits;
  readonly limiter: RateLimiter;
  readonly authorise: Authorise;
  readonly introspection: boolean;
}

/**
 * Apollo Server with our executor in place of @apollo/gateway. It answers what is not a plain operation in JSON: GET, and
 * what has to be refused. Persisted queries come to it with their texts.
 */
export async function startApolloServer(options: ApolloOptions): Promise<ApolloServer<OperationContext>> {
  const { introspection, limits } = options;
  const server = new ApolloServer<OperationContext>({
    gateway: asGateway(options),
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    parseOptions: { maxTokens: limits.tokens },
    formatError: (formatted, error) => toClientError(formatted, error, correlationId()),
    plugins: [ApolloServerPluginLandingPageDisabled(), createLimitsPlugin(options), extensionsPlugin],
    logger,
  });
  await server.start();
  return server;
}

function asGateway({
  executor,
  supergraphSdl,
}: ApolloOptions): ApolloServerOptionsWithGateway<OperationContext>['gateway'] {
  return {
    async load() {
      return {
        executor: async ({ document, request, operationName, context }) => {
          const { variables } = request;
          const { withheld } = context as OperationContext;
          const execution = {
            query: document,
            variables,
            operationName,
            context: context as OperationContext,
            withheld,
          };
          const { data, errors } = await executor.execute(execution);
          return { ...(data !== undefined && { data }), ...(errors && { errors }) };
        },
      };
    },
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: executor.schema, coreSupergraphSdl: supergraphSdl });
      return () => {};
    },
    async stop() {},
  };
}

/** Runs after validation and before planning; what is thrown here keeps its code, unlike a validation rule's. */
function createLimitsPlugin({
  executor,
  limits,
  limiter,
  authorise,
}: ApolloOptions): ApolloServerPlugin<OperationContext> {
  const checkLimits = createCheckLimits(limits, executor.schema);
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request, contextValue }) {
          // an unknown operationName: the executor says so
          if (!operation) return;
          if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw noStream();
          const variables = request.variables ?? {};
          contextValue.cost = checkLimits(document, operation, variables);
          limiter.takeCost(contextValue, contextValue.cost.requested);
          const { viewer } = contextValue.caller;
          contextValue.withheld = stating(() => authorise(document, operation, variables, viewer));
        },
      };
    },
  };
}

/** Runs a check; Apollo Server tells one error of a refusal, with the HTTP status that it means. */
function stating<T>(check: () => T): T {
  try {
    return check();
  } catch (err) {
    const [first] = err instanceof Refusal ? err.errors : [];
    if (!first) throw err;
    const http = { status: statusOf({ errors: [first.toJSON()] }), headers: new HeaderMap() };
    if (http.status === 401) http.headers.set('www-authenticate', 'Bearer');
    first.extensions['http'] = http;
    throw first;
  }
}

const extensionsPlugin: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single') return;
        response.body.singleResult.extensions = extensionsOf(contextValue);
      },
    };
  },
};
