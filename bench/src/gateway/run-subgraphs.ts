import { createServer } from 'node:http';

import { createSubgraph } from '@volna/platform/create-subgraph';
import { listen, readText, sendJson } from '@volna/platform/http';
import type { Caller } from '@volna/platform/identity';
import type { Subgraph, SubgraphRequest } from '@volna/platform/subgraph';

import { modules } from './library.ts';

// All subgraphs as a process. An answer that was given once is replayed as bytes, so that what is measured is the
// gateways; nobody's identity is checked, because the peers send none.

const MAX_BYTES = 1 << 20;
const anybody: Caller = { viewer: null, correlationId: 'bench', ip: '127.0.0.1', userAgent: 'bench' };
const served = { fetches: 0 };

const urls: Record<string, string> = {};
for (const { name, sdl, resolvers } of modules) {
  const subgraph = createSubgraph({ name, typeDefs: sdl, resolvers, createContext: (caller) => caller });
  urls[name] = `http://127.0.0.1:${await listen(serve(subgraph), 0, '127.0.0.1')}/graphql`;
}
process.on('message', () => process.send?.(served.fetches));
process.send?.(urls);

function serve(subgraph: Subgraph) {
  const canned = new Map<string, Buffer>();
  const answer = async (body: string): Promise<Buffer> => {
    const known = canned.get(body);
    if (known) return known;
    const result = await subgraph.execute(JSON.parse(body) as SubgraphRequest, anybody);
    const bytes = Buffer.from(JSON.stringify(result));
    canned.set(body, bytes);
    return bytes;
  };
  const server = createServer((request, response) => {
    served.fetches++;
    readText(request, MAX_BYTES)
      .then(answer)
      .then(
        (bytes) =>
          response
            .writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
            .end(bytes),
        (err: unknown) => sendJson(response, 500, { errors: [{ message: String(err) }] }),
      );
  });
  server.keepAliveTimeout = 60_000;
  return server;
}
