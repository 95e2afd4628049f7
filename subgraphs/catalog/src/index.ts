import { NatsBus } from '@volna/platform/bus-nats';
import { RedisCache } from '@volna/platform/cache-redis';
import { S3Objects } from '@volna/platform/objects-s3';
import { readOutsideRules } from '@volna/platform/outside-url';
import { toS3Options } from '@volna/platform/s3-settings';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { importsOf, policyOf, readCatalogConfig } from './config.ts';
import { startCatalog } from './service.ts';

await runService('catalog', async () => {
  const config = readCatalogConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const outside = readOutsideRules({ allow: config.FETCH_ALLOW, ports: config.FETCH_PORTS });
  const { REDIS_URL } = config;
  const cache = REDIS_URL === undefined ? {} : { cache: opened.use(await RedisCache.connect(REDIS_URL)) };
  const catalog = opened.use(
    await startCatalog({
      databaseUrl: config.CATALOG_DATABASE_URL,
      bus,
      objects,
      ...cache,
      policy: policyOf(config),
      imports: importsOf(config),
      outside,
    }),
  );
  const readiness = async () => bus.isConnected() && (await catalog.isReady());
  const { CATALOG_PORT: port, HOST: host, INTERNAL_KEY: internalKey } = config;
  opened.use(await serveSubgraph(catalog.subgraph, { port, host, internalKey, readiness }));
  return opened.move();
});
