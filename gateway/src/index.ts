import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { NatsBus } from '@volna/platform/bus-nats';
import { MemoryCache } from '@volna/platform/cache-memory';
import { RedisCache } from '@volna/platform/cache-redis';
import { logger } from '@volna/platform/log';
import { runService } from '@volna/platform/service';

import { createKeysRoute } from './auth/keys-route.ts';
import { readGatewayConfig } from './config.ts';
import { readTrustedDocuments } from './documents/trusted-documents.ts';
import { startGateway } from './service.ts';
import { createRemoteSubgraph } from './subgraphs/remote.ts';
import { readSupergraphFile } from './supergraph-file.ts';

const CONFIG_FILE = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));
const SUPERGRAPH = new URL('generated/supergraph.graphql', import.meta.url);
const EXAMPLES = new URL('ide/examples.graphql', import.meta.url);

await runService('gateway', async () => {
  const config = readGatewayConfig(process.env, readSupergraphFile(CONFIG_FILE));
  await using opened = new AsyncDisposableStack();
  // without Redis each gateway counts, and keeps persisted queries, for itself
  const cache = opened.use(config.REDIS_URL ? await RedisCache.connect(config.REDIS_URL) : new MemoryCache());
  if (!config.REDIS_URL) logger.warn('without REDIS_URL revoked access tokens count until they expire');
  const internalKey = config.INTERNAL_KEY;
  const subgraphs = config.remotes.map((remote) =>
    opened.use(createRemoteSubgraph({ ...remote, internalKey, cache })),
  );
  const { OPERATION_LOG_SHARE: share, NATS_URL } = config;
  const operationLog =
    share > 0 && NATS_URL ? { share, bus: opened.use(await NatsBus.connect(NATS_URL)) } : undefined;
  if (share > 0 && !NATS_URL) logger.warn('without NATS_URL there is no operation log');
  // partial answers are better than none: one subgraph is enough
  const isReady = async () =>
    (await Promise.all(subgraphs.map(async (subgraph) => subgraph.isReady()))).includes(true);
  const gateway = opened.use(
    await startGateway({
      supergraphSdl: await readFile(SUPERGRAPH, 'utf8'),
      exampleDocument: await readFile(EXAMPLES, 'utf8'),
      subgraphs,
      isReady,
      jwks: config.JWKS_URL,
      routes: [createKeysRoute(config.JWKS_URL)],
      cache,
      rateLimits: config.rateLimits,
      operationLog,
      trustedDocuments: config.TRUSTED_DOCUMENTS
        ? readTrustedDocuments(await readFile(config.TRUSTED_DOCUMENTS, 'utf8'))
        : null,
      host: config.GATEWAY_HOST,
      port: config.GATEWAY_PORT,
      corsOrigins: config.CORS_ORIGINS,
      trustedProxies: config.TRUSTED_PROXIES,
      hstsSeconds: config.HSTS_SECONDS,
      drainNoticeMs: config.DRAIN_NOTICE_MS,
      production: config.production,
    }),
  );
  logger.info({ url: gateway.url }, 'listening');
  return opened.move();
});
