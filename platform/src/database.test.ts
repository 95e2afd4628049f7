import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { describe, expect, it } from '@jest/globals';
import type { Client, Pool, PoolClient } from 'pg';

import { ensureDatabase, openPool, openServicePool, withClient, withDatabase } from './database.ts';
import { openTestDatabase } from './testing/database.ts';

describe('ensureDatabase', () => {
  it('makes a database once, whoever asks for it at the same time', async () => {
    await using admin = await openTestDatabase();
    const name = `${new URL(admin.url).pathname.slice(1)}_Дом "1"`;
    await Promise.all([1, 2, 3, 4].map(() => ensureDatabase(admin.url, name)));
    const url = withDatabase(admin.url, name);
    const { rows } = await withClient(url, (client) => client.query('SELECT current_database() AS name'));
    expect(rows).toEqual([{ name }]);
    await withClient(admin.url, (client) => client.query(`DROP DATABASE "${name.replaceAll('"', '""')}"`));
  });
});

describe('a pool', () => {
  it('ends a statement that takes too long and goes on', async () => {
    await using database = await openTestDatabase();
    const pool = openPool(database.url, { statementMs: 50 });
    await expect(pool.query('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('outlives the loss of a connection that somebody holds, between two statements (F15)', async () => {
    await using database = await openTestDatabase();
    const pool = openPool(database.url);
    const held = await pool.connect();
    await loseBetweenStatements(held, pool);
    held.release(true);
    await withClient(database.url, (own) => loseBetweenStatements(own, pool));
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('outlives the loss of its connections', async () => {
    await using database = await openTestDatabase();
    const pool = openPool(database.url);
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const lost = new Promise((resolve) => void pool.once('error', resolve));
    await withClient(database.url, (client) =>
      client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]),
    );
    await lost;
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});

describe('the pool of a service', () => {
  it('outlives a connection that is lost in the moment when it is there (F15)', async () => {
    await using server = await startDyingServer();
    const pool = openServicePool(server.url);
    const client = await pool.connect();
    await expect(client.query('SELECT 1')).rejects.toThrow(/connection|queryable/);
    client.release(true);
    await pool.end();
  });
});

/** Lets its clients in, and tells them with the same breath that it has to go. */
async function startDyingServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const told = [
    message('R', Buffer.alloc(4)),
    message('Z', Buffer.from('I')),
    message(
      'E',
      Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
    ),
  ];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat(told)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://nobody@127.0.0.1:${port}/nothing`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** Of the protocol: its type, the length of the rest, the rest. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** An error of the connection that nobody listens for would end this process. */
async function loseBetweenStatements(client: Client | PoolClient, pool: Pool): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const lost = new Promise((resolve) => void client.once('end', resolve));
  await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await lost;
  await expect(client.query('SELECT 1')).rejects.toThrow(/connection/);
}
