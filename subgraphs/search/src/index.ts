import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';
import { QdrantVectors } from '@volna/platform/vectors-qdrant';

import { readSearchConfig } from './config.ts';
import { startSearch } from './service.ts';

await runService('search', async () => {
  const config = readSearchConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const vectors = opened.use(await QdrantVectors.open(config.QDRANT_URL, config.QDRANT_API_KEY));
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
  const search = opened.use(
    await startSearch({ databaseUrl: config.SEARCH_DATABASE_URL, bus, objects, vectors }),
  );
  const { SEARCH_PORT: port, HOST: host, INTERNAL_KEY: internalKey } = config;
  opened.use(
    await serveSubgraph(search.subgraph, { port, host, internalKey, readiness: () => search.isReady() }),
  );
  return opened.move();
});
