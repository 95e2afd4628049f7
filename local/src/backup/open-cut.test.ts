import { randomUUID } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { withClient } from '@volna/platform/database';
import { openTestDatabase } from '@volna/platform/testing/database';

import { openCut } from './open-cut.ts';

const TABLES = `
  CREATE TABLE _prisma_migrations (migration_name text, checksum text, finished_at timestamptz, rolled_back_at timestamptz);
  CREATE TABLE outbox (id text PRIMARY KEY, number int);
  CREATE TABLE heard (number int PRIMARY KEY);`;
const CUTS = 12;

describe('a cut through several databases', () => {
  it('never has what followed from something that it lacks', async () => {
    await using one = await openTestDatabase();
    await using other = await openTestDatabase();
    const urls = [one.url, other.url];
    for (const url of urls) await withClient(url, (client) => client.query(TABLES));
    const talk = { isOver: false };
    // each states something, which the other one hears at once, and states its own
    const talking = withClient(one.url, (first) =>
      withClient(other.url, async (second) => {
        for (let number = 1; !talk.isOver; number++) {
          const [from, to] = number % 2 ? [first, second] : [second, first];
          await from.query('INSERT INTO outbox VALUES ($1, $2)', [randomUUID(), number]);
          await to.query('INSERT INTO heard VALUES ($1)', [number]);
        }
      }),
    );
    try {
      for (let nth = 0; nth < CUTS; nth++) {
        await using cut = await openCut(urls.map((url, at) => ({ service: `s${at}`, url })));
        const [a, b] = cut.databases;
        const read = async (sql: string, client = a?.client) =>
          new Set((await client?.query<{ number: number }>(sql))?.rows.map(({ number }) => number));
        const [statedA, heardA] = [
          await read('SELECT number FROM outbox'),
          await read('SELECT number FROM heard'),
        ];
        const statedB = await read('SELECT number FROM outbox', b?.client);
        const heardB = await read('SELECT number FROM heard', b?.client);
        expect([...heardB].filter((number) => !statedA.has(number))).toEqual([]);
        expect([...heardA].filter((number) => !statedB.has(number))).toEqual([]);
        // what was not heard yet is at most what was stated last
        expect([...statedA].filter((number) => !heardB.has(number)).length).toBeLessThanOrEqual(1);
      }
    } finally {
      talk.isOver = true;
      await talking;
    }
  });

  it('waits for nobody for long: who writes goes on while it is open', async () => {
    await using one = await openTestDatabase();
    await withClient(one.url, (client) => client.query(TABLES));
    await using cut = await openCut([{ service: 'one', url: one.url }]);
    await withClient(one.url, async (client) => {
      await client.query(`SET lock_timeout = 200; INSERT INTO outbox VALUES ('later', 1); DELETE FROM heard`);
    });
    const [seen] = cut.databases;
    expect((await seen?.client.query('SELECT id FROM outbox'))?.rows).toEqual([]);
  });
});
