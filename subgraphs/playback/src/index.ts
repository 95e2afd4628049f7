import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { toS3Options } from '@volna/platform/s3-settings';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { readPlaybackConfig } from './config.ts';
import { startPlayback } from './service.ts';

await runService('playback', async () => {
  const config = readPlaybackConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const playback = opened.use(
    await startPlayback({
      databaseUrl: config.PLAYBACK_DATABASE_URL,
      bus,
      objects,
      grantKey: config.GRANT_KEY,
      publicUrl: () => config.STREAM_URL,
    }),
  );
  const readiness = async () => bus.isConnected() && (await playback.isReady());
  const options = {
    port: config.PLAYBACK_PORT,
    host: config.HOST,
    internalKey: config.INTERNAL_KEY,
    readiness,
  };
  opened.use(await serveSubgraph(playback.subgraph, { ...options, routes: [playback.streamer] }));
  return opened.move();
});
