import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { runService } from '@volna/platform/service';

import { readTranscodeConfig } from './config.ts';
import { startTranscode } from './service.ts';

await runService('transcode', async () => {
  const config = readTranscodeConfig(process.env);
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
  const { PATH, LD_LIBRARY_PATH } = config;
  const env = { PATH, ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) };
  opened.use(
    await startTranscode({
      bus,
      objects,
      ffmpeg: { path: config.FFMPEG_PATH, env },
      ffprobe: { path: config.FFPROBE_PATH, env },
      concurrency: config.WORKER_CONCURRENCY,
    }),
  );
  return opened.move();
});
