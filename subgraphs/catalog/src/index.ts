import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { policyOf, readCatalogConfig } from './config.ts';
import { startCatalog } from './service.ts';

await runService('catalog', async () => {
  const config = readCatalogConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(
    await S3Objects.open({
      endpoint: config.S3_ENDPOINT,
      publicEndpoint: config.S3_PUBLIC_ENDPOINT,
      region: config.S3_REGION,
      bucket: config.S3_BUCKET,
      accessKeyId: config.S3_ACCESS_KEY_ID,
      secretAccessKey: config.S3_SECRET_ACCESS_KEY,
      forcePathStyle: config.S3_ENDPOINT !== undefined,
    }),
  );
  const catalog = opened.use(
    await startCatalog({ databaseUrl: config.CATALOG_DATABASE_URL, bus, objects, policy: policyOf(config) }),
  );
  const { CATALOG_PORT: port, HOST: host, INTERNAL_KEY: internalKey } = config;
  opened.use(
    await serveSubgraph(catalog.subgraph, { port, host, internalKey, readiness: () => catalog.isReady() }),
  );
  return opened.move();
});
