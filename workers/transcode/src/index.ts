import { NatsBus } from '@volna/platform/bus-nats';
import { serveHealth } from '@volna/platform/health';
import { S3Objects } from '@volna/platform/objects-s3';
import { toS3Options } from '@volna/platform/s3-settings';
import { runService } from '@volna/platform/service';

import { readTranscodeConfig } from './config.ts';
import { startTranscode } from './service.ts';

await runService('transcode', async () => {
  const config = readTranscodeConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
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
  const { HEALTH_PORT: port, HOST: host } = config;
  if (port > 0) opened.use(await serveHealth({ port, host, isReady: async () => bus.isConnected() }));
  return opened.move();
});
