import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { toS3Options } from '@volna/platform/s3-settings';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { readAlbumsConfig } from './config.ts';
import { startAlbums } from './service.ts';

await runService('albums', async () => {
  const config = readAlbumsConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const albums = opened.use(
    await startAlbums({
      databaseUrl: config.ALBUMS_DATABASE_URL,
      bus,
      objects,
    }),
  );
  const readiness = async () => bus.isConnected() && (await albums.isReady());
  const options = {
    port: config.ALBUMS_PORT,
    host: config.HOST,
    internalKey: config.INTERNAL_KEY,
    readiness,
  };
  opened.use(await serveSubgraph(albums.subgraph, options));
  return opened.move();
});
