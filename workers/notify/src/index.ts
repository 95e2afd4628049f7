import { NatsBus } from '@volna/platform/bus-nats';
import { serveHealth } from '@volna/platform/health';
import { runService } from '@volna/platform/service';

import { readNotifyConfig } from './config.ts';
import { openTransport } from './open-transport.ts';
import { startNotify } from './service.ts';

await runService('notify', async () => {
  const config = readNotifyConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const transport = opened.use(openTransport(config));
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  opened.use(await startNotify({ bus, transport, concurrency: config.WORKER_CONCURRENCY }));
  const { HEALTH_PORT: port, HOST: host } = config;
  if (port > 0) opened.use(await serveHealth({ port, host, isReady: async () => bus.isConnected() }));
  return opened.move();
});
