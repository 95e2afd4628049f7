import { describe, expect, it } from '@jest/globals';

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
