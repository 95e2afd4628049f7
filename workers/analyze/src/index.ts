import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { runService } from '@volna/platform/service';

import { readAnalyzeConfig } from './config.ts';
import { startAnalyze } from './service.ts';

await runService('analyze', async () => {
  const config = readAnalyzeConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(
    await S3Objects.open({
      endpoint: config.S3_ENDPOINT,
      region: config.S3_REGION,
      bucket: config.S3_BUCKET,
      accessKeyId: config.S3_ACCESS_KEY_ID,
      secretAccessKey: config.S3_SECRET_ACCESS_KEY,
      forcePathStyle: config.S3_ENDPOINT !== undefined,
    }),
  );
  opened.use(
    await startAnalyze({
      bus,
      objects,
      ...(config.MODELS_DIRECTORY === undefined ? {} : { modelsDirectory: config.MODELS_DIRECTORY }),
      concurrency: config.WORKER_CONCURRENCY,
      threads: config.MODEL_THREADS,
    }),
  );
  return opened.move();
});
