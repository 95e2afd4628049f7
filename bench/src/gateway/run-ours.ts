import { readFileSync } from 'node:fs';

import { startGateway } from '@volna/gateway';
import { createRemoteSubgraph } from '@volna/gateway/remote';
import { MemoryCache } from '@volna/platform/cache-memory';

import { collectGarbage } from '../collect-garbage.ts';

// Our gateway as operators run it, every limit on. Arguments: the supergraph's file, the subgraphs' URLs as
// JSON, the keys of access tokens as JSON.

const [file = '', urls = '{}', keys = '{"keys":[]}'] = process.argv.slice(2);
const subgraphs = Object.entries(JSON.parse(urls) as Record<string, string>).map(([name, url]) =>
  createRemoteSubgraph({ name, urls: [url], internalKey: 'an internal key of a benchmark' }),
);
const LOAD = { requests: 1_000_000, cost: 500_000_000 };
const gateway = await startGateway({
  supergraphSdl: readFileSync(file, 'utf8'),
  subgraphs,
  jwks: () => JSON.parse(keys) as { keys: [] },
  cache: new MemoryCache(),
  // all of the load is from one address
  rateLimits: { stranger: LOAD, user: LOAD },
  port: 0,
  production: true,
});

/** Bytes that are still in use after everything else has been collected. */
function readMemory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

process.on('message', () => process.send?.(readMemory()));
process.send?.(`${gateway.url}/graphql`);
