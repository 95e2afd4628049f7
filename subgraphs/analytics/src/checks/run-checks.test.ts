import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPool, withClient } from '@volna/platform/database';
import { listen } from '@volna/platform/http';
import { readOutsideRules } from '@volna/platform/outside-url';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import type { Pool } from 'pg';

import { Partitions } from '../facts/partitions.ts';
import { createWebhook } from './alerts.ts';
import { CHECKS } from './checks.ts';
import { listChecks, runChecks } from './run-checks.ts';

const SECRET = 'a secret of the operator';
/** A name that leads into the network, whichever it is. */
const lookup = (_name: string, _options: object, done: (err: null, found: object[]) => void) =>
  done(null, [{ address: '127.0.0.1', family: 4 }]);

describe('the checks', () => {
  let database: TestDatabase;
  let pool: Pool;
  let server: Server;
  let port: number;
  let status = 200;
  const heard: { signature: unknown; body: string }[] = [];

  beforeAll(async () => {
    database = await openTestDatabase(join(import.meta.dirname, '../../prisma/migrations'));
    pool = openPool(database.url);
    await new Partitions(pool, 30).maintain();
    server = createServer((request, response) => {
      void text(request).then((body) => {
        heard.push({ signature: request.headers['x-volna-signature'], body });
        return response.writeHead(status, { location: '/elsewhere' }).end();
      });
    });
    port = await listen(server, 0, '127.0.0.1');
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  const webhook = (allow = ['127.0.0.1']) =>
    createWebhook({
      url: `http://127.0.0.1:${port}/alerts`,
      secret: SECRET,
      rules: readOutsideRules({ allow, ports: [port] }),
    });
  const alerts = () =>
    heard
      .splice(0)
      .flatMap(({ body }) => (JSON.parse(body) as { alerts: { check: string; state: string }[] }).alerts);
  const sql = (statement: string) => withClient(database.url, (client) => client.query(statement));

  it('are met where nothing has happened, and tell nobody', async () => {
    await runChecks(pool, webhook());
    const found = await listChecks(pool);
    expect(found.map(({ name }) => name).toSorted()).toEqual(CHECKS.map(({ name }) => name).toSorted());
    expect(found.filter(({ isMet }) => !isMet)).toEqual([]);
    expect(heard).toEqual([]);
  });

  it('tell once, signed, what is wrong with the data, and once that it is right again', async () => {
    await sql(`INSERT INTO track_day VALUES ('trk', (now() AT TIME ZONE 'UTC')::date, 1, 5, 0, 0, 100, 1)`);
    await runChecks(pool, webhook());
    const [{ signature, body } = { signature: '', body: '' }] = heard;
    expect(signature).toBe(`sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`);
    expect(alerts()).toMatchObject([{ check: 'data.hours-and-days', state: 'FAILING', value: 1 }]);
    await runChecks(pool, webhook());
    expect(heard).toEqual([]);
    await sql(`INSERT INTO track_hour VALUES ('trk', date_trunc('hour', now(), 'UTC'), 1, 5, 0, 0, 100)`);
    await runChecks(pool, webhook());
    expect(alerts()).toMatchObject([{ check: 'data.hours-and-days', state: 'RESOLVED' }]);
  });

  it('tell what did not arrive the next time', async () => {
    await sql(`UPDATE track_day SET skips = -1`);
    status = 503;
    await expect(runChecks(pool, webhook())).rejects.toThrow('503');
    status = 302;
    await expect(runChecks(pool, webhook())).rejects.toThrow('302');
    status = 200;
    heard.splice(0);
    await runChecks(pool, webhook());
    expect(alerts()).toMatchObject([{ check: 'data.never-negative', state: 'FAILING' }]);
    await sql(`UPDATE track_day SET skips = 0`);
    await runChecks(pool, null);
  });

  it('see a business that stops, and errors that pile up', async () => {
    await sql(`INSERT INTO platform_hour (hour, plays, operations, errors)
      SELECT date_trunc('hour', now(), 'UTC') - week * interval '7 days' - interval '1 hour', 1000, 0, 0
      FROM generate_series(1, 4) AS week`);
    await sql(`INSERT INTO platform_hour (hour, plays, operations, errors)
      VALUES (date_trunc('hour', now(), 'UTC') - interval '1 hour', 200, 1000, 80)`);
    await runChecks(pool, webhook());
    expect(alerts().map(({ check, state }) => [check, state])).toEqual([
      ['business.plays', 'FAILING'],
      ['services.errors', 'FAILING'],
    ]);
  });

  it('send nothing to an address inside of the network, whatever name leads to it', async () => {
    expect(() => webhook([])).toThrow('such an address');
    const rules = readOutsideRules({ ports: [port] });
    const named = createWebhook({ url: `http://alerts.test:${port}/`, rules, lookup: lookup as never });
    await expect(named([])).rejects.toThrow('leads to an address');
    expect(heard).toEqual([]);
  });
});
