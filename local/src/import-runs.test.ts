import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startCatalog } from '@volna/catalog';
import { importAlive, importClaim, ImportRunId } from '@volna/events';
import { openCatalog } from '@volna/import/scan/ask-catalog';
import { openFolderLibrary } from '@volna/import/scan/folder-library';
import { scan } from '@volna/import/scan/run-import';
import { startScan } from '@volna/import/scan/start-scan';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { openPool } from '@volna/platform/database';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { mp3, textFrame } from '@volna/platform/testing/mp3';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { until } from './testing/until.ts';

const migrations = fileURLToPath(new URL('../../subgraphs/catalog/prisma/migrations', import.meta.url));
const RUN = 'run { id state attempt: seq found fresh imported copies failed missing error { code } }';
const CREATE = `mutation ($input: CreateImportSourceInput!) {
  createImportSource(input: $input) { source { id } errors { code } } }`;
const START = `mutation ($sourceId: ID!) { startImport(input: { sourceId: $sourceId }) { ${RUN} errors { code } } }`;
const CANCEL = `mutation ($runId: ID!) { cancelImport(input: { runId: $runId }) { ${RUN} errors { code } } }`;
const READ =
  'query ($id: ID!) { importRun(id: $id) { state found fresh imported copies failed missing error { code } } }';

/** Catalog and the import worker alone: nobody processes what comes in. */
describe('runs of imports', () => {
  const admin = aViewer({ roles: ['USER', 'ADMIN'] });
  let opened: AsyncDisposableStack;
  let scratch: Scratch;
  let music: string;
  let pool: ReturnType<typeof openPool>;
  let databaseUrl: string;
  let bus: EmbeddedBus;
  let objects: DirectoryObjects;

  beforeEach(async () => {
    opened = new AsyncDisposableStack();
    scratch = opened.use(await openScratch());
    const database = opened.use(await openTestDatabase(migrations));
    databaseUrl = database.url;
    pool = opened.adopt(openPool(databaseUrl), (open) => open.end());
    bus = opened.use(await EmbeddedBus.open());
    objects = await DirectoryObjects.open({
      directory: scratch.path('store'),
      signingKey: 'a key of the tests',
    });
    music = scratch.path('music');
    for (let at = 0; at < 12; at++) await place(`album ${at % 3}/${at}.mp3`, `Title ${at}`);
  });

  afterEach(async () => {
    await opened.disposeAsync();
  });

  async function place(path: string, title: string) {
    await mkdir(dirname(join(music, path)), { recursive: true });
    const tags = [textFrame('TIT2', title), textFrame('TPE1', 'Mira'), textFrame('TALB', 'Double')];
    await writeFile(join(music, path), mp3(tags));
  }
  const openService = (maxProcessing = 100) =>
    startCatalog({
      databaseUrl,
      bus,
      objects,
      imports: { roots: [music], maxProcessing },
      leaseSeconds: 1,
      sweepEveryMs: 100,
    });
  type Service = Awaited<ReturnType<typeof openService>>;
  const ask = async ({ subgraph }: Service, query: string, variables: Record<string, unknown>) =>
    (await asCaller(subgraph, admin)(query, variables)).data;
  async function order(catalog: Service, location = music): Promise<ImportRunId> {
    const { createImportSource } = await ask(catalog, CREATE, { input: { kind: 'FOLDER', location } });
    const { startImport } = await ask(catalog, START, { sourceId: createImportSource.source.id });
    return ImportRunId.parse(startImport.run.id);
  }
  const read = async (catalog: Service, id: string) => (await ask(catalog, READ, { id })).importRun;
  const count = async (what: string) =>
    Number((await pool.query(`SELECT count(*) FROM ${what}`)).rows[0].count);
  const openWorker = () => startScan({ bus, objects, roots: [music], threads: 1 });
  const process = (limit = 1000) =>
    pool.query(
      `UPDATE track SET status = 'READY' WHERE id IN (SELECT id FROM track WHERE status = 'PROCESSING' LIMIT ${limit})`,
    );

  it('goes on where a worker was lost, and is deaf to it from then on', async () => {
    await using catalog = await openService();
    const runId = await order(catalog);
    const lost = { runId, attempt: 1 };
    const { leaseSeconds } = await bus.request(importClaim, { ...lost, worker: 'lost' });
    {
      using asker = openCatalog(bus, lost, leaseSeconds, new AbortController().signal);
      await using library = await openFolderLibrary(music, [music]);
      await scan({ catalog: asker, library });
    }
    await using _worker = await openWorker();
    await until('all files are stored', async () => (await read(catalog, runId)).state === 'PROCESSING');
    expect(await bus.request(importAlive, lost)).toEqual({ goOn: false });
    await process();
    await until('the run is done', async () => (await read(catalog, runId)).state === 'DONE');
    expect(await read(catalog, runId)).toMatchObject({
      found: 12,
      fresh: 12,
      imported: 12,
      copies: 0,
      failed: 0,
    });
    expect(await count('track')).toBe(12);
    expect(await count('artist')).toBe(1);
    expect(await objects.list('uploads/')).toHaveLength(12);
  });

  it('goes on when catalog comes back', async () => {
    let catalog = await openService(4);
    const runId = await order(catalog);
    await using _worker = await openWorker();
    await until('some are stored', async () => (await read(catalog, runId)).imported >= 4);
    await catalog[Symbol.asyncDispose]();
    catalog = await openService();
    await using _again = catalog;
    await until('all files are stored', async () => (await read(catalog, runId)).state === 'PROCESSING');
    expect(await count('track')).toBe(12);
    expect(await objects.list('uploads/')).toHaveLength(12);
  });

  it('waits while enough tracks are being processed, and can be cancelled meanwhile', async () => {
    await using catalog = await openService(3);
    await using _worker = await openWorker();
    const runId = await order(catalog);
    await until('the run waits', async () => (await read(catalog, runId)).imported === 3);
    await process(2);
    await until('it has gone on', async () => (await read(catalog, runId)).imported === 5);
    expect(await count(`track WHERE status = 'PROCESSING'`)).toBe(3);
    const { cancelImport } = await ask(catalog, CANCEL, { runId });
    expect(cancelImport.run.state).toBe('CANCELLED');
    await process();
    const { cancelImport: again } = await ask(catalog, CANCEL, { runId });
    expect(again.errors).toEqual([{ code: 'ALREADY_COMPLETED' }]);
    expect(await count('track')).toBe(5);

    // the next run does the rest
    const next = await order(catalog);
    await until(
      'the run is done',
      async () => (await process()) && (await read(catalog, next)).state === 'DONE',
    );
    expect(await count('track')).toBe(12);
  });

  it('is one a source, however many look for what is due', async () => {
    await using catalog = await openService();
    await using _other = await openService();
    const first = await order(catalog);
    expect(await order(catalog)).toBe(first);
    await ask(catalog, CANCEL, { runId: first });
    await pool.query('UPDATE import_source SET is_hourly = TRUE, next_scan_at = now()');
    await until('the hour has come', async () => (await count('import_run')) === 2);
    expect(await count('import_source WHERE next_scan_at > now()')).toBe(1);
    expect(await count(`import_run WHERE state = 'QUEUED'`)).toBe(1);
  });

  it('fails for a folder that is not there, or that a link leads to from under the roots', async () => {
    await using catalog = await openService();
    await using _worker = await openWorker();
    const absent = await order(catalog, join(music, 'absent'));
    await until('the run has failed', async () => (await read(catalog, absent)).state === 'FAILED');
    expect((await read(catalog, absent)).error).toEqual({ code: 'FOLDER_NOT_FOUND' });
    await mkdir(scratch.path('secret'));
    await symlink(scratch.path('secret'), join(music, 'link'));
    const outside = await order(catalog, join(music, 'link'));
    await until('the run has failed', async () => (await read(catalog, outside)).state === 'FAILED');
    expect((await read(catalog, outside)).error).toEqual({ code: 'NOT_UNDER_ROOTS' });
  });

  it('imports a prefix of the store', async () => {
    await using catalog = await openService();
    await using _worker = await openWorker();
    for (let at = 0; at < 3; at++)
      await objects.put(
        `import/mira/${at}.mp3`,
        mp3([textFrame('TIT2', `Key ${at}`), textFrame('TPE1', 'Mira')]),
      );
    const input = { kind: 'S3_PREFIX', location: 'import/mira/' };
    const { createImportSource } = await ask(catalog, CREATE, { input });
    const { startImport } = await ask(catalog, START, { sourceId: createImportSource.source.id });
    await until(
      'all files are stored',
      async () => (await read(catalog, startImport.run.id)).state === 'PROCESSING',
    );
    const { rows } = await pool.query('SELECT title FROM track ORDER BY title');
    expect(rows).toEqual([{ title: 'Key 0' }, { title: 'Key 1' }, { title: 'Key 2' }]);
    const refused = await ask(catalog, CREATE, { input: { kind: 'S3_PREFIX', location: 'uploads/' } });
    expect(refused.createImportSource.errors).toEqual([{ code: 'NOT_UNDER_ROOTS' }]);
  });

  it('is for administrators', async () => {
    await using catalog = await openService();
    const anybody = asCaller(catalog.subgraph, aViewer());
    const input = { kind: 'FOLDER', location: music };
    for (const answer of [
      await anybody(CREATE, { input }),
      await anybody(READ, { id: 'imr_0' }),
      await anybody('{ importSources { edges { node { location } } } importPolicy { roots } }', {}),
    ]) {
      expect(answer.errors?.map(({ extensions }) => extensions?.code)).toContain('FORBIDDEN');
    }
  });
});
