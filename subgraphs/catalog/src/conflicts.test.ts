import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { openPool } from '@volna/platform/database';
import { openTestDatabase } from '@volna/platform/testing/database';

import { openDatabase, type Transaction } from './database.ts';

const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

const lock = (tx: Transaction, key: number) => tx.$executeRaw`SELECT pg_advisory_xact_lock(${key})`;

describe('F17: transactions that stand in each other’s way', () => {
  it('are run again, and nobody sees that two had locked one another out', async () => {
    await using database = await openTestDatabase(migrations);
    const pool = openPool(database.url);
    const db = openDatabase(pool);
    const both = Promise.withResolvers<void>();
    let holders = 0;
    let runs = 0;
    const take = (first: number, second: number) =>
      db.$transaction(async (tx) => {
        runs++;
        await lock(tx, first);
        if (++holders === 2) both.resolve();
        await both.promise;
        await lock(tx, second);
        return first;
      });
    expect(await Promise.all([take(1, 2), take(2, 1)])).toEqual([1, 2]);
    expect(runs).toBe(3);
    await db.$disconnect();
    await pool.end();
  });

  it('are run again when the one could not come before or after the other', async () => {
    await using database = await openTestDatabase(migrations);
    const pool = openPool(database.url);
    await pool.query('CREATE TABLE counter AS SELECT 0 AS value');
    const db = openDatabase(pool);
    const both = Promise.withResolvers<void>();
    let readers = 0;
    const increase = () =>
      db.$transaction(
        async (tx) => {
          await tx.$queryRaw`SELECT value FROM counter`;
          if (++readers === 2) both.resolve();
          await both.promise;
          await tx.$executeRaw`UPDATE counter SET value = value + 1`;
        },
        { isolationLevel: 'Serializable' },
      );
    await Promise.all([increase(), increase()]);
    expect((await pool.query('SELECT value FROM counter')).rows).toEqual([{ value: 2 }]);
    expect(readers).toBe(3);
    await db.$disconnect();
    await pool.end();
  });
});
