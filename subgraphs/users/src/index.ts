import { NatsBus } from '@volna/platform/bus-nats';
import { RedisCache } from '@volna/platform/cache-redis';
import { S3Objects } from '@volna/platform/objects-s3';
import { toS3Options } from '@volna/platform/s3-settings';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { toBilling } from './billing/config.ts';
import { readUsersConfig } from './config.ts';
import { answerJwks } from './jwks-route.ts';
import { toOAuthSettings } from './oauth/config.ts';
import { startUsers } from './service.ts';
import { openPasswords } from './tokens/password.ts';

await runService('users', async () => {
  const config = readUsersConfig(process.env);
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(config.NATS_URL));
  const cache = opened.use(await RedisCache.connect(config.REDIS_URL));
  const objects = opened.use(await S3Objects.open(toS3Options(config)));
  const databaseUrl = config.USERS_DATABASE_URL;
  const oauth = toOAuthSettings(config);
  const passwords = openPasswords(config.PASSWORD_COST);
  const billing = toBilling(config);
  const signingKeyDays = config.SIGNING_KEY_DAYS;
  const users = opened.use(
    await startUsers({ databaseUrl, bus, cache, objects, oauth, passwords, signingKeyDays, billing }),
  );
  const readiness = async () => bus.isConnected() && (await users.isReady());
  const options = { port: config.USERS_PORT, host: config.HOST, internalKey: config.INTERNAL_KEY, readiness };
  opened.use(await serveSubgraph(users.subgraph, { ...options, routes: [answerJwks(users)] }));
  return opened.move();
});
