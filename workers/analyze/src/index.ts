import { NatsBus } from '@volna/platform/bus-nats';
import { RedisCache } from '@volna/platform/cache-redis';
import { serveHealth } from '@volna/platform/health';
import { S3Objects } from '@volna/platform/objects-s3';
import { toS3Options } from '@volna/platform/s3-settings';
import { runService } from '@volna/platform/service';

import { readAnalyzeConfig } from './config.ts';
import { startAnalyze } from './service.ts';

await runService('analyze', async () => {
  const config = readAnalyzeConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const { REDIS_URL } = config;
  const cache = REDIS_URL === undefined ? undefined : opened.use(await RedisCache.connect(REDIS_URL));
  opened.use(
    await startAnalyze({
      bus,
      objects,
      cache,
      ...(config.MODELS_DIRECTORY === undefined ? {} : { modelsDirectory: config.MODELS_DIRECTORY }),
      headsFile: config.HEADS_FILE,
      concurrency: config.WORKER_CONCURRENCY,
      threads: config.MODEL_THREADS,
    }),
  );
  const { HEALTH_PORT: port, HOST: host } = config;
  if (port > 0) opened.use(await serveHealth({ port, host, isReady: async () => bus.isConnected() }));
  return opened.move();
});
