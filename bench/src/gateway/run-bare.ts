import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { createExecutor } from '@volna/gateway/executor';
import { createRemoteSubgraph } from '@volna/gateway/remote';
import { listen, readText, sendJson } from '@volna/platform/http';
import type { Caller } from '@volna/platform/identity';

// Our executor behind nothing but a server: nobody is identified, nothing is limited, counted or authorised. Arguments:
// the supergraph's file, the subgraphs' URLs as JSON.

const MAX_BYTES = 1 << 20;
const anybody: Caller = { viewer: null, correlationId: 'bench', ip: '127.0.0.1', userAgent: 'bench' };

const [file = '', urls = '{}'] = process.argv.slice(2);
const remotes = new Map(
  Object.entries(JSON.parse(urls) as Record<string, string>).map(([name, url]) => [
    name,
    createRemoteSubgraph({ name, urls: [url], internalKey: 'an internal key of a benchmark' }),
  ]),
);
const executor = createExecutor({
  supergraphSdl: readFileSync(file, 'utf8'),
  async send(service, body) {
    const remote = remotes.get(service);
    if (!remote) throw new Error(`no subgraph ${service}`);
    return remote.send(body, anybody);
  },
});
const server = createServer((request, response) => {
  readText(request, MAX_BYTES)
    .then((text) => {
      const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
      return executor.execute({ query, variables, context: {} });
    })
    .then(
      (result) => sendJson(response, 200, result),
      (err: unknown) => sendJson(response, 500, { errors: [{ message: String(err) }] }),
    );
});
process.send?.(`http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}/graphql`);
