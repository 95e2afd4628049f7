import { describe, expect, it } from '@jest/globals';
import type { Client, Pool, PoolClient } from 'pg';

import { ensureDatabase, openPool, withClient, withDatabase } from './database.ts';
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

/** An error of the connection that nobody listens for would end this process. */
async function loseBetweenStatements(client: Client | PoolClient, pool: Pool): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const lost = new Promise((resolve) => void client.once('end', resolve));
  await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await lost;
  await expect(client.query('SELECT 1')).rejects.toThrow(/connection/);
}
