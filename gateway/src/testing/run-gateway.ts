import { readFileSync } from 'node:fs';

import { MemoryCache } from '@volna/platform/cache-memory';
import { runService } from '@volna/platform/service';

import { startGateway } from '../service.ts';
import { createRemoteSubgraph } from '../subgraphs/remote.ts';

// A gateway as a process. Arguments: the supergraph's file, the URLs of the subgraphs as JSON, their key.

const [file = '', urls = '{}', internalKey = ''] = process.argv.slice(2);
await runService('gateway', async () => {
  await using opened = new AsyncDisposableStack();
  const subgraphs = Object.entries(JSON.parse(urls) as Record<string, string[]>).map(([name, all]) =>
    opened.use(createRemoteSubgraph({ name, urls: all, internalKey })),
  );
  const gateway = opened.use(
    await startGateway({
      supergraphSdl: readFileSync(file, 'utf8'),
      subgraphs,
      jwks: () => ({ keys: [] }),
      cache: new MemoryCache(),
      rateLimits: { stranger: { requests: 1_000_000, cost: 100_000_000 } },
      port: 0,
      drainNoticeMs: 500,
    }),
  );
  process.send?.(gateway.url);
  return opened.move();
});
