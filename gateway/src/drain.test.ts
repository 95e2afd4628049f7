import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@volna/platform/cache-memory';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { answeredMore, startLoad } from '@volna/platform/testing/load';
import { Pool } from 'undici';

import { startGateway } from './service.ts';
import { createRemoteSubgraph } from './subgraphs/remote.ts';
import { type Child, startChild } from './testing/child.ts';
import { composeToyGraph } from './testing/gateway.ts';
import { known } from './testing/live.ts';
import { internalKey } from './testing/remotes.ts';
import { RawSocket } from './testing/sockets.ts';

const CLIENTS = 8;
const QUERY = 'query T($id: ID!) { track(id: $id) { title likedBy { name } } }';
const MUTATION = 'mutation { add(title: "x") { title } }';

/** What is wrong with an answer; nothing for ''. */
async function ask(pool: Pool, nth: number): Promise<string> {
  const query = nth % 4 === 0 ? MUTATION : QUERY;
  const { statusCode, body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { id: nth % 3 ? known.track : `t${nth}` } }),
  });
  const text = await body.text();
  return statusCode === 200 && !text.includes('"errors"') ? '' : `${statusCode} ${text.slice(0, 200)}`;
}

/** Spreads requests as a load balancer does: over those that call themselves ready, and past one that refuses. */
class Balancer implements AsyncDisposable {
  readonly #pools: readonly Pool[];
  readonly #ready: boolean[];
  readonly #timer: NodeJS.Timeout;

  constructor(urls: readonly string[]) {
    this.#pools = urls.map((url) => new Pool(url, { connections: CLIENTS }));
    this.#ready = urls.map(() => true);
    this.#timer = setInterval(() => this.#pools.forEach((_, i) => void this.#look(i)), 50);
  }

  async send(nth: number): Promise<string> {
    const order = [nth, nth + 1].map((n) => n % this.#pools.length).filter((i) => this.#ready[i]);
    for (const i of order) {
      try {
        return await ask(this.#pools[i] as Pool, nth);
      } catch (err) {
        if ((err as { code?: string }).code !== 'ECONNREFUSED') throw err;
      }
    }
    return 'nobody is ready';
  }

  async #look(i: number): Promise<void> {
    const ready = await (this.#pools[i] as Pool)
      .request({ path: '/health/ready', method: 'GET', reset: true })
      .then(async ({ statusCode, body }) => {
        await body.dump();
        return statusCode === 200;
      })
      .catch(() => false);
    this.#ready[i] = ready;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pools.map((pool) => pool.destroy()));
  }
}

async function startGateways(opened: AsyncDisposableStack): Promise<[Child, Child]> {
  const { supergraphSdl, subgraphs } = composeToyGraph();
  const urls: Record<string, string[]> = {};
  for (const [name, subgraph] of Object.entries(subgraphs)) {
    urls[name] = [opened.use(await serveSubgraph(subgraph, { port: 0, internalKey })).url];
  }
  const folder = opened.adopt(await mkdtemp(join(tmpdir(), 'volna-drain-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const file = join(folder, 'supergraph.graphql');
  await writeFile(file, supergraphSdl);
  const start = async () =>
    opened.use(await startChild('run-gateway.ts', [file, JSON.stringify(urls), internalKey]));
  return Promise.all([start(), start()]);
}

async function openSocket(url: string): Promise<RawSocket> {
  const socket = await new RawSocket({ url }).open();
  socket.say({ type: 'connection_init' });
  expect(await socket.hear()).toEqual({ type: 'connection_ack' });
  return socket;
}

describe('G4, F27: SIGTERM under load', () => {
  it('costs no request while a peer of the gateway is up, and tells sockets to come again', async () => {
    await using opened = new AsyncDisposableStack();
    const [leaving, staying] = await startGateways(opened);
    const balancer = opened.use(new Balancer([leaving.said, staying.said]));
    const load = startLoad(CLIENTS, (nth) => balancer.send(nth));
    opened.defer(() => load.stop());
    await using socket = await openSocket(leaving.said);
    await answeredMore(load, 150);
    const code = leaving.stop();
    await answeredMore(load, 150);
    expect(await socket.closed).toBe('1001 going away');
    expect(await code).toBe(0);
    await answeredMore(load, 100);
    await load.stop();
    expect(load.failed).toEqual([]);
  });

  it('costs no request while another URL of the subgraph is up', async () => {
    await using opened = new AsyncDisposableStack();
    const { supergraphSdl } = composeToyGraph();
    const start = async (name: string) =>
      opened.use(await startChild('run-subgraph.ts', [name, internalKey]));
    const [leaving, staying, people] = await Promise.all(['media', 'media', 'people'].map(start));
    const remotes = [
      { name: 'media', urls: [leaving!.said, staying!.said] },
      { name: 'people', urls: [people!.said] },
    ].map((remote) => opened.use(createRemoteSubgraph({ ...remote, internalKey })));
    const gateway = opened.use(
      await startGateway({
        supergraphSdl,
        subgraphs: remotes,
        jwks: () => ({ keys: [] }),
        cache: new MemoryCache(),
        rateLimits: { stranger: { requests: 1_000_000, cost: 100_000_000 } },
        port: 0,
      }),
    );
    const pool = new Pool(gateway.url, { connections: CLIENTS });
    opened.defer(() => pool.destroy());
    const load = startLoad(CLIENTS, (nth) => ask(pool, nth));
    opened.defer(() => load.stop());
    await answeredMore(load, 150);
    expect(await leaving!.stop()).toBe(0);
    await answeredMore(load, 150);
    await load.stop();
    expect(load.failed).toEqual([]);
  });
});
