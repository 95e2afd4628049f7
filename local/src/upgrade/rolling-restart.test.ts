import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDatabase, withClient } from '@volna/platform/database';
import { startPostgres } from '@volna/platform/embedded/postgres';
import { answeredMore, startLoad } from '@volna/platform/testing/load';
import { openS3Server } from '@volna/platform/testing/s3-server';
import { binaryForTests, openNatsServer, openRedisServer } from '@volna/platform/testing/servers';

import type { Settings } from '../testing/compose-file.ts';
import { type RunningEntry, runEntry } from '../testing/entry.ts';
import { type Account, openArtist, signUp } from '../testing/listener.ts';

const [nats, redis] = await Promise.all([binaryForTests('nats-server'), binaryForTests('redis-server')]);
const missing = [nats, redis].find((binary) => typeof binary === 'string');
const suite = missing === undefined ? describe : describe.skip;
const CLIENTS = 6;
const READ = 'query Q($id: ID!) { artist(id: $id) { id name owner { username } } }';
const WRITE =
  'mutation M($input: UpdateArtistInput!) { updateArtist(input: $input) { artist { bio } errors { code } } }';

suite(`a rolling restart${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const opened = new AsyncDisposableStack();
  const replicas: { name: string; port: number; running: RunningEntry }[] = [];
  let catalogUrl: string;
  let endpoint: string;
  let common: Settings;
  let alice: Account;
  let artistId: string;

  const start = async (name: string, folder: string, port: number, env: Settings): Promise<RunningEntry> => {
    const running = opened.use(runEntry(name, `${folder}/src/index.ts`, { ...common, ...env }));
    await running.untilReady(`http://127.0.0.1:${port}/health/ready`);
    return running;
  };
  const startCatalog = (port: number, name: string) =>
    start(name, 'subgraphs/catalog', port, { CATALOG_DATABASE_URL: catalogUrl, CATALOG_PORT: `${port}` });

  beforeAll(async () => {
    if (typeof nats === 'string' || typeof redis === 'string') return;
    const [usersPort = 0, gatewayPort = 0, ...ports] = await freePorts(4);
    const s3 = opened.use(await openS3Server());
    common = {
      PATH: process.env['PATH'] ?? '',
      LOG_LEVEL: 'warn',
      INTERNAL_KEY: 'a key of two processes 0123456789abcdef',
      NATS_URL: opened.use(await openNatsServer(nats)).url,
      REDIS_URL: opened.use(await openRedisServer(redis)).url,
      S3_ENDPOINT: s3.endpoint,
      S3_BUCKET: 'rolling',
      S3_ACCESS_KEY_ID: 'key',
      S3_SECRET_ACCESS_KEY: 'secret',
    };
    const postgres = opened.use(await startPostgres({ directory: await openFolder(opened), fast: true }));
    const USERS_DATABASE_URL = postgres.url('users');
    catalogUrl = postgres.url('catalog');
    for (const name of ['users', 'catalog']) await ensureDatabase(postgres.url('postgres'), name);
    const users = { USERS_DATABASE_URL, USERS_PORT: `${usersPort}` };
    const names = ['catalog one', 'catalog two'];
    const [, ...catalogs] = await Promise.all([
      start('users', 'subgraphs/users', usersPort, users),
      ...ports.map((port, at) => startCatalog(port, names[at] ?? '')),
    ]);
    for (const [at, running] of catalogs.entries())
      replicas.push({ name: names[at] ?? '', port: ports[at] ?? 0, running });
    const nobody = 'http://127.0.0.1:1/graphql';
    await start('gateway', 'gateway', gatewayPort, {
      GATEWAY_PORT: `${gatewayPort}`,
      JWKS_URL: `http://127.0.0.1:${usersPort}/.well-known/jwks.json`,
      SUBGRAPH_USERS_URL: `http://127.0.0.1:${usersPort}/graphql`,
      SUBGRAPH_CATALOG_URL: ports.map((port) => `http://127.0.0.1:${port}/graphql`).join(),
      SUBGRAPH_ALBUMS_URL: nobody,
      SUBGRAPH_PLAYBACK_URL: nobody,
      SUBGRAPH_SEARCH_URL: nobody,
      SUBGRAPH_ANALYTICS_URL: nobody,
      RATE_LIMIT_USER: '1000000',
      RATE_LIMIT_STRANGER: '1000000',
      COST_LIMIT_USER: '100000000',
      COST_LIMIT_STRANGER: '100000000',
    });
    endpoint = `http://127.0.0.1:${gatewayPort}/graphql`;
    alice = await signUp(endpoint);
    artistId = await openArtist(alice, 'Turnstone');
  }, 120_000);

  afterAll(() => opened.disposeAsync());

  it('begins with two processes that migrate one database, once', async () => {
    const sql =
      'SELECT count(*)::int AS rows, count(DISTINCT migration_name)::int AS names FROM _prisma_migrations';
    const [row] = await withClient(catalogUrl, async (client) => (await client.query(sql)).rows);
    expect(row).toMatchObject({ rows: (row as { names: number }).names });
  });

  it('costs no request', async () => {
    const load = startLoad(CLIENTS, async (nth) => {
      const isWrite = nth % 5 === 0;
      const variables = isWrite ? { input: { artistId, bio: `of ${nth}` } } : { id: artistId };
      return ask(endpoint, alice.accessToken, { query: isWrite ? WRITE : READ, variables });
    });
    try {
      await answeredMore(load, 100);
      for (const replica of replicas) {
        expect([replica.name, await replica.running.stop()]).toEqual([replica.name, 0]);
        await answeredMore(load, 50);
        replica.running = await startCatalog(replica.port, replica.name);
        await answeredMore(load, 100);
      }
    } finally {
      await load.stop();
    }
    expect(load.failed).toEqual([]);
    expect(load.answered).toBeGreaterThan(400);
  }, 240_000);
});

/** What is wrong with an answer; nothing for ''. */
async function ask(endpoint: string, accessToken: string, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` };
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  const isGood = response.status === 200 && !text.includes('"code"') && text.includes('artist":{');
  return isGood ? '' : `${response.status} ${text.slice(0, 300)}`;
}

/** A folder that the database's server gets into where tests run as root. */
async function openFolder(opened: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'volna-rolling-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o711);
  return folder;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
