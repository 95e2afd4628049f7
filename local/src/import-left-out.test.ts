import { writeFile } from 'node:fs/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ImportRunId } from '@volna/events';
import { mp3, textFrame } from '@volna/platform/testing/mp3';

import { type CatalogService, type Imports, openImports } from './testing/open-imports.ts';
import { until } from './testing/until.ts';

const FAILED = `query ($runId: ID!) { importReport(runId: $runId) {
  failed { edges { node { path error { code } } } } } }`;

describe('what an import leaves out', () => {
  let imports: Imports;
  beforeEach(async () => {
    imports = await openImports();
  });
  afterEach(async () => {
    await imports[Symbol.asyncDispose]();
  });

  async function done(catalog: CatalogService, runId: ImportRunId) {
    await until('the run is done', async () => {
      await imports.process();
      return (await imports.read(catalog, runId)).state === 'DONE';
    });
    return imports.read(catalog, runId);
  }
  async function failedOf(catalog: CatalogService, runId: ImportRunId) {
    const { importReport } = await imports.ask(catalog, FAILED, { runId });
    return importReport.failed.edges.map(({ node }: { node: { path: string; error: { code: string } } }) => [
      node.path,
      node.error.code,
    ]);
  }

  it('takes keys as people name their files', async () => {
    await using catalog = await imports.openService();
    await using _worker = await imports.openWorker();
    const keys = ['import/Кино/01 Звезда по имени Солнце.mp3', 'import/Кино/50% & more @ home.mp3'];
    for (const key of keys) await imports.objects.put(key, mp3([textFrame('TIT2', key.slice(-9, -4))]));
    const run = await done(catalog, await imports.order(catalog, 'import/Кино/', 'S3_PREFIX'));
    expect(run).toMatchObject({ found: 2, imported: 2, skipped: 0, failed: 0 });
    const again = await done(catalog, await imports.order(catalog, 'import/Кино/', 'S3_PREFIX'));
    expect(again).toMatchObject({ found: 2, fresh: 0, imported: 0 });
  });

  it('reports names that are no Unicode, once', async () => {
    await using catalog = await imports.openService();
    await using _worker = await imports.openWorker();
    await imports.place('1.mp3', 'Ship');
    for (const byte of [0xff, 0xfe]) {
      const name = Buffer.concat([
        Buffer.from(`${imports.music}/`),
        Buffer.from([byte]),
        Buffer.from('.mp3'),
      ]);
      await writeFile(name, mp3([]));
    }
    const runId = await imports.order(catalog);
    expect(await done(catalog, runId)).toMatchObject({ imported: 1, failed: 1 });
    expect(await failedOf(catalog, runId)).toEqual([['\uFFFD.mp3', 'NAME_NOT_TAKEN']]);
    expect(await done(catalog, await imports.order(catalog))).toMatchObject({ fresh: 0, failed: 0 });
  });

  it('takes no more than the quota, and the rest when there is room', async () => {
    await imports.place('1.mp3', 'Ship');
    await imports.place('2.mp3', 'Mast');
    const size = mp3([
      textFrame('TIT2', 'Ship'),
      textFrame('TPE1', 'Mira'),
      textFrame('TALB', 'Double'),
    ]).length;
    {
      await using catalog = await imports.openService({ quotaBytes: size + 10 });
      await using _worker = await imports.openWorker();
      const runId = await imports.order(catalog);
      expect(await done(catalog, runId)).toMatchObject({ imported: 1, failed: 1 });
      expect(await failedOf(catalog, runId)).toEqual([['2.mp3', 'QUOTA_EXCEEDED']]);
      expect(await imports.objects.list('uploads/')).toHaveLength(1);
    }
    await using catalog = await imports.openService({ quotaBytes: size * 2 });
    await using _worker = await imports.openWorker();
    expect(await done(catalog, await imports.order(catalog))).toMatchObject({ fresh: 1, imported: 1 });
  });
});
