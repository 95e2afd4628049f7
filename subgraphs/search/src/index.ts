import { NatsBus } from '@volna/platform/bus-nats';
import { RedisCache } from '@volna/platform/cache-redis';
import { S3Objects } from '@volna/platform/objects-s3';
import { toS3Options } from '@volna/platform/s3-settings';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';
import { EmbeddedVectors } from '@volna/platform/vectors-embedded';
import { QdrantVectors } from '@volna/platform/vectors-qdrant';

import { readSearchConfig } from './config.ts';
import { readMeaningSettings } from './meaning/settings.ts';
import { startSearch } from './service.ts';

await runService('search', async () => {
  const config = readSearchConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const { QDRANT_URL, QDRANT_API_KEY } = config;
  const vectors = opened.use(
    QDRANT_URL === undefined
      ? await EmbeddedVectors.open()
      : await QdrantVectors.open(QDRANT_URL, QDRANT_API_KEY),
  );
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const { REDIS_URL } = config;
  const cache = REDIS_URL === undefined ? {} : { cache: opened.use(await RedisCache.connect(REDIS_URL)) };
  const search = opened.use(
    await startSearch({
      bus,
      objects,
      vectors,
      ...cache,
      databaseUrl: config.SEARCH_DATABASE_URL,
      vectorSwitchShare: config.VECTOR_SWITCH_SHARE,
      landmarksDirectory: config.LANDMARKS_DIRECTORY,
      textEmbeddings: readMeaningSettings(process.env),
    }),
  );
  const readiness = async () => bus.isConnected() && (await search.isReady());
  const { SEARCH_PORT: port, HOST: host, INTERNAL_KEY: internalKey } = config;
  opened.use(await serveSubgraph(search.subgraph, { port, host, internalKey, readiness }));
  return opened.move();
});
