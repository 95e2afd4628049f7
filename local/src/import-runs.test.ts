import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { importAlive, importClaim } from '@volna/events';
import { openCatalog } from '@volna/import/scan/ask-catalog';
import { openFolderLibrary } from '@volna/import/scan/folder-library';
import { scan } from '@volna/import/scan/run-import';
import { mp3, textFrame } from '@volna/platform/testing/mp3';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { CREATE, type Imports, openImports, READ, RUN, START } from './testing/open-imports.ts';
import { until } from './testing/until.ts';

const CANCEL = `mutation ($runId: ID!) { cancelImport(input: { runId: $runId }) { ${RUN} errors { code } } }`;

describe('runs of imports', () => {
  let imports: Imports;

  beforeEach(async () => {
    imports = await openImports();
    for (let at = 0; at < 12; at++) await imports.place(`album ${at % 3}/${at}.mp3`, `Title ${at}`);
  });

  afterEach(async () => {
    await imports[Symbol.asyncDispose]();
  });

  it('goes on where a worker was lost, and is deaf to it from then on', async () => {
    await using catalog = await imports.openService();
    const runId = await imports.order(catalog);
    const lost = { runId, attempt: 1 };
    const { leaseSeconds } = await imports.bus.request(importClaim, { ...lost, worker: 'lost' });
    {
      using asker = openCatalog(imports.bus, lost, leaseSeconds, new AbortController().signal);
      await using library = await openFolderLibrary(imports.music, [imports.music]);
      await scan({ catalog: asker, library });
    }
    await using _worker = await imports.openWorker();
    await until(
      'all files are stored',
      async () => (await imports.read(catalog, runId)).state === 'PROCESSING',
    );
    expect(await imports.bus.request(importAlive, lost)).toEqual({ goOn: false });
    await imports.process();
    await until('the run is done', async () => (await imports.read(catalog, runId)).state === 'DONE');
    expect(await imports.read(catalog, runId)).toMatchObject({
      found: 12,
      fresh: 12,
      imported: 12,
      copies: 0,
      failed: 0,
    });
    expect(await imports.count('track')).toBe(12);
    expect(await imports.count('artist')).toBe(1);
    expect(await imports.objects.list('uploads/')).toHaveLength(12);
  });

  it('goes on when catalog comes back', async () => {
    let catalog = await imports.openService({ maxProcessing: 4 });
    const runId = await imports.order(catalog);
    await using _worker = await imports.openWorker();
    await until('some are stored', async () => (await imports.read(catalog, runId)).imported >= 4);
    await catalog[Symbol.asyncDispose]();
    catalog = await imports.openService();
    await using _again = catalog;
    await until(
      'all files are stored',
      async () => (await imports.read(catalog, runId)).state === 'PROCESSING',
    );
    expect(await imports.count('track')).toBe(12);
    expect(await imports.objects.list('uploads/')).toHaveLength(12);
  });

  it('waits while enough tracks are being processed, and can be cancelled meanwhile', async () => {
    await using catalog = await imports.openService({ maxProcessing: 3 });
    await using _worker = await imports.openWorker();
    const runId = await imports.order(catalog);
    await until('the run waits', async () => (await imports.read(catalog, runId)).imported === 3);
    await imports.process(2);
    await until('it has gone on', async () => (await imports.read(catalog, runId)).imported === 5);
    expect(await imports.count(`track WHERE status = 'PROCESSING'`)).toBe(3);
    const { cancelImport } = await imports.ask(catalog, CANCEL, { runId });
    expect(cancelImport.run.state).toBe('CANCELLED');
    await imports.process();
    const { cancelImport: again } = await imports.ask(catalog, CANCEL, { runId });
    expect(again.errors).toEqual([{ code: 'ALREADY_COMPLETED' }]);
    expect(await imports.count('track')).toBe(5);

    // the next run does the rest
    const next = await imports.order(catalog);
    await until(
      'the run is done',
      async () => (await imports.process()) && (await imports.read(catalog, next)).state === 'DONE',
    );
    expect(await imports.count('track')).toBe(12);
  });

  it('is one a source, however many look for what is due', async () => {
    await using catalog = await imports.openService();
    await using _other = await imports.openService();
    const first = await imports.order(catalog);
    expect(await imports.order(catalog)).toBe(first);
    await imports.ask(catalog, CANCEL, { runId: first });
    await imports.pool.query('UPDATE import_source SET is_hourly = TRUE, next_scan_at = now()');
    await until('the hour has come', async () => (await imports.count('import_run')) === 2);
    expect(await imports.count('import_source WHERE next_scan_at > now()')).toBe(1);
    expect(await imports.count(`import_run WHERE state = 'QUEUED'`)).toBe(1);
  });

  it('fails for a folder that is not there, or that a link leads to from under the roots', async () => {
    await using catalog = await imports.openService();
    await using _worker = await imports.openWorker();
    const absent = await imports.order(catalog, join(imports.music, 'absent'));
    await until('the run has failed', async () => (await imports.read(catalog, absent)).state === 'FAILED');
    expect((await imports.read(catalog, absent)).error).toEqual({ code: 'FOLDER_NOT_FOUND' });
    await mkdir(imports.scratch.path('secret'));
    await symlink(imports.scratch.path('secret'), join(imports.music, 'link'));
    const outside = await imports.order(catalog, join(imports.music, 'link'));
    await until('the run has failed', async () => (await imports.read(catalog, outside)).state === 'FAILED');
    expect((await imports.read(catalog, outside)).error).toEqual({ code: 'NOT_UNDER_ROOTS' });
  });

  it('imports a prefix of the store', async () => {
    await using catalog = await imports.openService();
    await using _worker = await imports.openWorker();
    for (let at = 0; at < 3; at++)
      await imports.objects.put(
        `import/mira/${at}.mp3`,
        mp3([textFrame('TIT2', `Key ${at}`), textFrame('TPE1', 'Mira')]),
      );
    const input = { kind: 'S3_PREFIX', location: 'import/mira/' };
    const { createImportSource } = await imports.ask(catalog, CREATE, { input });
    const { startImport } = await imports.ask(catalog, START, { sourceId: createImportSource.source.id });
    await until(
      'all files are stored',
      async () => (await imports.read(catalog, startImport.run.id)).state === 'PROCESSING',
    );
    const { rows } = await imports.pool.query('SELECT title FROM track ORDER BY title');
    expect(rows).toEqual([{ title: 'Key 0' }, { title: 'Key 1' }, { title: 'Key 2' }]);
    const refused = await imports.ask(catalog, CREATE, {
      input: { kind: 'S3_PREFIX', location: 'uploads/' },
    });
    expect(refused.createImportSource.errors).toEqual([{ code: 'NOT_UNDER_ROOTS' }]);
  });

  it('is for administrators', async () => {
    await using catalog = await imports.openService();
    const anybody = asCaller(catalog.subgraph, aViewer());
    const input = { kind: 'FOLDER', location: imports.music };
    for (const answer of [
      await anybody(CREATE, { input }),
      await anybody(READ, { id: 'imr_0' }),
      await anybody('{ importSources { edges { node { location } } } importPolicy { roots } }', {}),
    ]) {
      expect(answer.errors?.map(({ extensions }) => extensions?.code)).toContain('FORBIDDEN');
    }
  });
});
