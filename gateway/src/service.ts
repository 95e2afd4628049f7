import { createServer } from 'node:http';

import type { Cache } from '@volna/platform/cache';
import { drain, listen, type Route } from '@volna/platform/http';
import type { Caller } from '@volna/platform/identity';
import type { Subgraph } from '@volna/platform/subgraph';

import { startApolloServer } from './apollo-server.ts';
import { createAskGrant } from './auth/api-key-grant.ts';
import type { KeySource } from './auth/key-set.ts';
import { createSignIns } from './auth/sign-ins.ts';
import { createAuthorise } from './authorisation/authorise.ts';
import type { HoldsPolicy } from './authorisation/rule.ts';
import { ENFORCED_FEATURES } from './authorisation/security-directives.ts';
import type { OperationContext } from './context.ts';
import { createResolveDocument } from './documents/documents.ts';
import type { TrustedDocuments } from './documents/trusted-documents.ts';
import { createExecutor, type Executor, type Open } from './executor/index.ts';
import { createGraphqlRoute } from './http/graphql-route.ts';
import { createRequestHandler } from './http/request-handler.ts';
import { createIdeRoute } from './ide/ide-route.ts';
import { OPERATION_LIMITS, type OperationLimits } from './limits/limits.ts';
import { createRateLimiter } from './limits/rate-limiter.ts';
import { RATE_LIMITS, type RateLimits } from './limits/rate-limits.ts';
import { createNodeSubgraph } from './node/subgraph.ts';
import { createOperationChecker } from './operations/operation-checker.ts';
import { OperationLog, type OperationLogOptions } from './operations/operation-log.ts';
import { createRunOnce } from './operations/run-once.ts';
import { ConnectionCounter } from './socket/connection-counter.ts';
import { SOCKET_LIMITS, type SocketLimits } from './socket/socket-limits.ts';
import { serveSockets } from './socket/socket-server.ts';
import { createStreamRoute } from './stream/stream-route.ts';
import {
  createOpen,
  createSend,
  type SendToSubgraph,
  SUBGRAPH_TIMEOUTS,
  type SubgraphTimeouts,
} from './subgraphs/send.ts';
import { createOpenSubscription } from './subscriptions/open-subscription.ts';

export interface GatewayOptions {
  readonly supergraphSdl: string;
  /** Of this process or remote; `node` is the gateway's own and need not be among them. */
  readonly subgraphs: readonly Subgraph[];
  /** Public keys of access tokens: their URL, or a function that gives them. */
  readonly jwks: KeySource;
  /** Shared with other gateways: counts of callers, texts of persisted queries. */
  readonly cache: Cache;
  /** A free one for 0. */
  readonly port: number;
  /** Loopback unless told. */
  readonly host?: string;
  /** Origins of pages, other than the gateway's own, that may use it; `*` for all. */
  readonly corsOrigins?: readonly string[];
  /** How many proxies stand before the gateway and write X-Forwarded-For. */
  readonly trustedProxies?: number;
  /** How long browsers are to use TLS only; 0 for not telling them. */
  readonly hstsSeconds?: number;
  /** No introspection, no IDE, no hints in errors. */
  readonly production?: boolean;
  /** Operations that Sandbox and GraphiQL open with. */
  readonly exampleDocument?: string;
  /** Tried in turn for paths that are not the gateway's. */
  readonly routes?: readonly Route[];
  readonly isReady?: () => Promise<boolean>;
  /** Says who holds the policies that the schema's @policy names; nobody holds any unless told. */
  readonly holdsPolicy?: HoldsPolicy;
  readonly limits?: Partial<OperationLimits>;
  /** The only operations that are run; any where there is no list. */
  readonly trustedDocuments?: TrustedDocuments | null;
  readonly rateLimits?: Partial<RateLimits>;
  readonly socketLimits?: Partial<SocketLimits>;
  readonly timeouts?: Partial<SubgraphTimeouts>;
  /** Where a sample of the operations is told of; nowhere unless told. */
  readonly operationLog?: OperationLogOptions | undefined;
  /** How long requests are still taken after the health check has begun to say "not ready"; not at all unless told. */
  readonly drainNoticeMs?: number;
}

export interface Gateway extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
}

const GRAPHQL_PATH = '/graphql';
/** For what the routes take: a part of an upload may come slowly. Operations have less. */
const REQUEST_MS = 15 * 60_000;
const HEADERS_MS = 20_000;

/** The one public endpoint, over subgraphs that the caller has started or named. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const {
    supergraphSdl,
    host = '127.0.0.1',
    corsOrigins = [],
    trustedProxies = 0,
    production = false,
  } = options;
  const limits = { ...OPERATION_LIMITS, ...options.limits };
  const socketLimits = { ...SOCKET_LIMITS, ...options.socketLimits };
  const byName = new Map(
    [createNodeSubgraph(), ...options.subgraphs].map((subgraph) => [subgraph.name, subgraph]),
  );
  const send = createSend(byName, { ...SUBGRAPH_TIMEOUTS, ...options.timeouts });
  const executor = createGatewayExecutor(options, send, createOpen(byName));
  const limiter = createRateLimiter(options.cache, { ...RATE_LIMITS, ...options.rateLimits });
  const authorise = createAuthorise(options);
  const checking = { executor, limits, limiter, authorise, introspection: !production };
  const apollo = await startApolloServer({ supergraphSdl, ...checking });
  const checker = createOperationChecker(checking);
  const checkText = (text: string) => checker.checkText(text);
  const resolveDocument = createResolveDocument({
    cache: options.cache,
    trusted: options.trustedDocuments ?? null,
    checkText,
  });
  const connections = new ConnectionCounter(socketLimits.connectionsPerAddress, socketLimits.connections);
  const signIns = createSignIns({ jwks: options.jwks, cache: options.cache, askGrant: createAskGrant(send) });
  const log = options.operationLog ? new OperationLog(options.operationLog) : null;
  const run = createRunOnce(executor, checker);
  const runOnce = log ? log.over(run) : run;
  const common = {
    executor,
    checker,
    limiter,
    resolveDocument,
    openSubscription: createOpenSubscription(executor),
    runOnce,
    signIns,
    connections,
    corsOrigins,
    trustedProxies,
  };

  const graphql = createGraphqlRoute({ ...common, checkText, apollo, stream: createStreamRoute(common) });
  const ide = production ? null : createIdeRoute(options.exampleDocument ?? '');
  const handler = createRequestHandler({
    graphql,
    ide,
    routes: options.routes ?? [],
    isReady: options.isReady ?? (async () => true),
    hstsSeconds: options.hstsSeconds ?? 0,
  });
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS }, handler.handle);
  const sockets = serveSockets(server, GRAPHQL_PATH, { ...common, limits: socketLimits });
  const port = await listen(server, options.port, host);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      handler.drain();
      await sockets[Symbol.asyncDispose]();
      await drain(server, { noticeMs: options.drainNoticeMs ?? 0 });
      await apollo.stop();
      await log?.[Symbol.asyncDispose]();
      limiter[Symbol.dispose]();
      signIns[Symbol.dispose]();
    },
  };
}

function createGatewayExecutor(
  { supergraphSdl, production = false }: GatewayOptions,
  send: SendToSubgraph,
  open: Open<Caller>,
): Executor<OperationContext> {
  return createExecutor<OperationContext>({
    supergraphSdl,
    enforced: ENFORCED_FEATURES,
    hideSuggestions: production,
    send: async (service, body, context, kind) => send(service, body, context.caller, kind, context),
    open: (service, body, { caller }) => open(service, body, caller),
  });
}
