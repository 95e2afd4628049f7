import { NatsBus } from '@volna/platform/bus-nats';
import { S3Objects } from '@volna/platform/objects-s3';
import { readOutsideRules } from '@volna/platform/outside-url';
import { toS3Options } from '@volna/platform/s3-settings';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { readAnalyticsConfig } from './config.ts';
import { startAnalytics } from './service.ts';

await runService('analytics', async () => {
  const config = readAnalyticsConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const rules = readOutsideRules({ allow: config.FETCH_ALLOW, ports: config.FETCH_PORTS });
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = config;
  const analytics = opened.use(
    await startAnalytics({
      databaseUrl: config.ANALYTICS_DATABASE_URL,
      bus,
      objects,
      retentionDays: config.ANALYTICS_RETENTION_DAYS,
      webhook: url ? { url, secret, rules } : undefined,
    }),
  );
  const readiness = async () => bus.isConnected() && (await analytics.isReady());
  const options = {
    port: config.ANALYTICS_PORT,
    host: config.HOST,
    internalKey: config.INTERNAL_KEY,
    readiness,
  };
  opened.use(await serveSubgraph(analytics.subgraph, options));
  return opened.move();
});
