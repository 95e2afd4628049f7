import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@volna/platform/database';
import { migrate, readMigrations } from '@volna/platform/migrate';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { openS3Server } from '@volna/platform/testing/s3-server';

import { readBackendsConfig } from '../backends/config.ts';
import { SERVICES, type ServiceName } from '../backends/options.ts';
import { migrationsOf, restore } from '../restore/restore.ts';
import { backUp } from './back-up.ts';
import { openPlaces } from './open-places.ts';
import type { Tally } from './progress.ts';

const QUIET: Tally = { begin() {}, add() {}, end() {} };
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Behind it are those of a later release. */
const RELEASE = '20261121150000';

const ask = <Row extends object>(url: string, sql: string) =>
  withClient(url, async (client) => (await client.query<Row>(sql)).rows);

/** Servers with nothing on them: what the variables of the environment say of them. */
async function openServers(opened: AsyncDisposableStack, bucket: string) {
  const s3 = opened.use(await openS3Server());
  const env: Record<string, string> = {
    S3_ENDPOINT: s3.endpoint,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: 'key',
    S3_SECRET_ACCESS_KEY: 'secret',
  };
  const urls = {} as Record<ServiceName, string>;
  for (const service of SERVICES) {
    urls[service] = opened.use(await openTestDatabase()).url;
    env[`${service.toUpperCase()}_DATABASE_URL`] = urls[service];
  }
  return { env, urls, config: readBackendsConfig(env) };
}

type Servers = Awaited<ReturnType<typeof openServers>>;

/** What an installation of an earlier release has. */
async function fill({ urls, env, config }: Servers, data: string): Promise<void> {
  for (const service of SERVICES) {
    const all = await readMigrations(migrationsOf(service));
    await migrate(urls[service], migrationsOf(service), {
      only: new Set(all.map(({ name }) => name).filter((name) => name < RELEASE)),
    });
  }
  await ask(
    urls.catalog,
    `INSERT INTO artist (id, owner_id, name, name_key) VALUES ('art_1', 'usr_1', E'Tab\\tand\\nline, Ünïcode', 'tab');
     INSERT INTO outbox (id, subject, payload, correlation_id, occurred_at, published_at)
       VALUES ('1', 'catalog.track.created', '{"a": null}', 'c', '2026-01-01', '2026-01-01');
     INSERT INTO processed_message (consumer, id, at) VALUES ('catalog', 'm', '2020-01-01')`,
  );
  await ask(
    urls.catalog,
    `INSERT INTO upload (id, owner_id, filename, content_type, size_bytes, part_bytes, object_key, multipart_id, expires_at)
       VALUES ('upl_1', 'usr_1', 'a.flac', 'audio/flac', 1, 1, 'uploads/usr_1/upl_1/original', 'm', now());
     INSERT INTO track (id, artist_id, owner_id, title, title_key)
       SELECT 'trk_' || n, 'art_1', 'usr_1', 't', 't' FROM generate_series(1, 2) AS n;
     INSERT INTO job (id, kind, state, announce_at, input, track_id, upload_id) VALUES
       ('job_1', 'transcode', 'SUCCEEDED', now(), '{"originalKey": "o", "maxSeconds": 9}', 'trk_1', 'upl_1'),
       ('job_2', 'analyze', 'RUNNING', now(), '{"pcmKey": "gone/pcm.f32", "genreHint": null}', 'trk_1', 'upl_1'),
       ('job_3', 'analyze', 'QUEUED', now(), '{"pcmKey": "tracks/trk_1/a/128.m4s", "genreHint": null}', 'trk_2', 'upl_1')`,
  );
  await ask(urls.users, `INSERT INTO audit_entry (action, outcome) VALUES ('LOGIN', 'OK'), ('LOGIN', 'OK')`);
  await ask(
    urls.analytics,
    `CREATE TABLE play_event_20250102 PARTITION OF play_event
       FOR VALUES FROM ('2025-01-02T00:00:00Z') TO ('2025-01-03T00:00:00Z')`,
  );
  await using places = await openPlaces(data, config, env);
  await places.objects.put('tracks/trk_1/a/128.m4s', Buffer.alloc(100, 'x'), { cacheControl: IMMUTABLE });
  await places.objects.put('uploads/usr_1/upl_1/original', Buffer.alloc(9 * 1024 * 1024, 'y'), {
    contentType: 'audio/flac',
  });
}

describe('backup of servers, and restore onto others of a later release', () => {
  const opened = new AsyncDisposableStack();
  let scratch: Scratch;
  let from: Servers;
  let onto: Servers;
  let file: string;

  beforeAll(async () => {
    scratch = opened.use(await openScratch());
    from = await openServers(opened, 'from');
    onto = await openServers(opened, 'onto');
    file = scratch.path('all.tar');
    const data = scratch.path('nothing');
    await fill(from, data);
    await using places = await openPlaces(data, from.config, from.env);
    await backUp({ ...places, data, file, tally: QUIET });
  }, 120_000);

  afterAll(() => opened.disposeAsync());

  const restoreOnto = (replace: boolean) =>
    restore({ ...onto, file, data: scratch.path('target'), replace, tally: QUIET });

  it('brings rows, objects and what a service had made by itself', async () => {
    await restoreOnto(false);
    const { catalog, users, analytics } = onto.urls;
    expect(await ask(catalog, 'SELECT id, name FROM artist')).toEqual([
      { id: 'art_1', name: 'Tab\tand\nline, Ünïcode' },
    ]);
    expect(await ask(analytics, `SELECT to_regclass('play_event_20250102') IS NOT NULL AS there`)).toEqual([
      { there: true },
    ]);
    // the audit trail is closed again, and counts on
    await expect(ask(users, 'DELETE FROM audit_entry')).rejects.toThrow(/audit/);
    const next = `SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))::int AS next`;
    expect(await ask(users, next)).toEqual([{ next: 3 }]);
    await using places = await openPlaces(scratch.path('target'), onto.config, onto.env);
    expect(await places.objects.list('')).toEqual(['tracks/trk_1/a/128.m4s', 'uploads/usr_1/upl_1/original']);
    const { info, body } = await places.objects.read('tracks/trk_1/a/128.m4s');
    expect(info).toMatchObject({ sizeBytes: 100, cacheControl: IMMUTABLE });
    expect(String(await buffer(body))).toBe('x'.repeat(100));
    expect(await places.objects.head('uploads/usr_1/upl_1/original')).toMatchObject({
      sizeBytes: 9 * 1024 * 1024,
      contentType: 'audio/flac',
    });
  });

  it('applies what has come since', async () => {
    for (const service of SERVICES) {
      const all = await readMigrations(migrationsOf(service));
      const sql = 'SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1';
      expect(await ask(onto.urls[service], sql)).toEqual(all.map(({ name }) => ({ name })));
    }
  });

  it('states once more what was stated, and goes on knowing what was heard', async () => {
    expect(await ask(onto.urls.catalog, 'SELECT published_at FROM outbox')).toEqual([{ published_at: null }]);
    const fresh = `SELECT now() - at < interval '1 hour' AS fresh FROM processed_message`;
    expect(await ask(onto.urls.catalog, fresh)).toEqual([{ fresh: true }]);
  });

  it('begins work anew, from the original where what an analysis hears is gone', async () => {
    const sql = `SELECT id, kind, state, attempt, input->>'originalKey' AS original FROM job ORDER BY id`;
    expect(await ask(onto.urls.catalog, sql)).toEqual([
      { id: 'job_1', kind: 'transcode', state: 'SUCCEEDED', attempt: 1, original: 'o' },
      { id: 'job_2', kind: 'decode', state: 'QUEUED', attempt: 2, original: 'o' },
      { id: 'job_3', kind: 'analyze', state: 'QUEUED', attempt: 1, original: null },
    ]);
  });

  it('keeps foreign keys and triggers', async () => {
    const count = `SELECT (SELECT count(*)::int FROM pg_constraint WHERE contype = 'f') AS keys,
      (SELECT count(*)::int FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O') AS triggers`;
    for (const service of SERVICES) {
      await using fresh = await openTestDatabase(migrationsOf(service));
      expect([service, await ask(onto.urls[service], count)]).toEqual([service, await ask(fresh.url, count)]);
    }
  });

  it('refuses servers that hold something, or that somebody uses', async () => {
    await expect(restoreOnto(false)).rejects.toThrow('is not empty: --replace');
    await withClient(onto.urls.search, async () => {
      await expect(restoreOnto(true)).rejects.toThrow('stop all services first');
    });
    await ask(
      onto.urls.catalog,
      `INSERT INTO artist (id, owner_id, name, name_key) VALUES ('art_2', 'u', 'n', 'n')`,
    );
    await restoreOnto(true);
    expect(await ask(onto.urls.catalog, 'SELECT id FROM artist')).toEqual([{ id: 'art_1' }]);
  });

  it('refuses a backup whose migrations it does not know', async () => {
    const sql = `UPDATE _prisma_migrations SET checksum = 'edited' WHERE migration_name LIKE '%\\_accounts'`;
    await ask(from.urls.users, sql);
    const other = scratch.path('other.tar');
    await using places = await openPlaces(scratch.path('nothing'), from.config, from.env);
    await backUp({ ...places, data: scratch.path('nothing'), file: other, tally: QUIET });
    const before = await ask(onto.urls.catalog, 'SELECT id FROM artist');
    const refused = restore({
      ...onto,
      file: other,
      data: join(scratch.path('target')),
      replace: true,
      tally: QUIET,
    });
    await expect(refused).rejects.toThrow('of another release (users');
    expect(await ask(onto.urls.catalog, 'SELECT id FROM artist')).toEqual(before);
  });
});
