import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { readAlbumsConfig } from './config.ts';
import { startAlbums } from './service.ts';

await runService('albums', async () => {
  const config = readAlbumsConfig(process.env);
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
  const albums = opened.use(
    await startAlbums({
      databaseUrl: config.ALBUMS_DATABASE_URL,
      bus,
      objects,
    }),
  );
  const options = { port: config.ALBUMS_PORT, host: config.HOST, internalKey: config.INTERNAL_KEY };
  opened.use(await serveSubgraph(albums.subgraph, options));
  return opened.move();
});
