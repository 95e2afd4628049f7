import { NatsBus } from '@volna/platform/bus-nats';
import { serveHealth } from '@volna/platform/health';
import { S3Objects } from '@volna/platform/objects-s3';
import { readOutsideRules } from '@volna/platform/outside-url';
import { readRoots } from '@volna/platform/roots';
import { toS3Options } from '@volna/platform/s3-settings';
import { runService } from '@volna/platform/service';

import { readImportConfig } from './config.ts';
import { startImport } from './service.ts';

await runService('import', async () => {
  const config = readImportConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const outside = readOutsideRules({ allow: config.FETCH_ALLOW, ports: config.FETCH_PORTS });
  const roots = readRoots(config.IMPORT_ROOTS);
  opened.use(await startImport({ bus, objects, outside, roots, concurrency: config.WORKER_CONCURRENCY }));
  const { HEALTH_PORT: port, HOST: host } = config;
  if (port > 0) opened.use(await serveHealth({ port, host, isReady: async () => bus.isConnected() }));
  return opened.move();
});
