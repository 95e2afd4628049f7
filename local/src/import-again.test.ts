import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type CatalogService, type Imports, openImports } from './testing/open-imports.ts';
import { until } from './testing/until.ts';

const TRACKS = `{ tracks { edges { node { id title year trackNumber language explicit isrc } } } }`;
const UPDATE =
  'mutation ($input: UpdateTrackInput!) { updateTrack(input: $input) { errors { code message } } }';
const OLD = { TYER: '1989', TRCK: '1', TLAN: 'eng', TSRC: 'FIABC2400001' };
const NEW = { TYER: '1990', TRCK: '2', TLAN: 'fin', TSRC: 'FIABC2400002' };

describe('a file that has changed', () => {
  let imports: Imports;
  beforeEach(async () => {
    imports = await openImports();
  });
  afterEach(async () => {
    await imports[Symbol.asyncDispose]();
  });

  async function run(catalog: CatalogService) {
    const id = await imports.order(catalog);
    await until('all files are stored', async () => {
      const { state } = await imports.read(catalog, id);
      return state === 'PROCESSING' || state === 'DONE';
    });
    await imports.process();
    await until('the run is done', async () => (await imports.read(catalog, id)).state === 'DONE');
    return imports.read(catalog, id);
  }
  async function tracks(catalog: CatalogService) {
    const { edges } = (await imports.ask(catalog, TRACKS, {})).tracks;
    return edges.map(({ node }: { node: { id: string } }) => node);
  }

  it('changes what nobody has corrected, and nothing else', async () => {
    await using catalog = await imports.openService();
    await using _worker = await imports.openWorker();
    await imports.place('1.mp3', 'Ship', OLD);
    await run(catalog);
    // what the processing of the file notes
    await imports.pool.query(
      `UPDATE track SET year = 1989, track_number = 1, language = 'en', isrc = 'FIABC2400001'`,
    );
    const [before] = await tracks(catalog);

    // a year that is put right, and a code that is taken away
    const input = { trackId: before.id, year: 1988, isrc: null, explicit: true };
    expect((await imports.ask(catalog, UPDATE, { input })).updateTrack.errors).toEqual([]);
    await imports.place('1.mp3', 'Steamship', NEW);
    expect(await run(catalog)).toMatchObject({ imported: 1 });
    expect(await tracks(catalog)).toEqual([
      {
        id: before.id,
        title: 'Steamship',
        year: 1988,
        trackNumber: 2,
        language: 'fi',
        explicit: true,
        isrc: null,
      },
    ]);
  });

  it('is not gone when it has another name', async () => {
    await using catalog = await imports.openService();
    await using _worker = await imports.openWorker();
    for (const at of [1, 2, 3]) await imports.place(`${at}.mp3`, `Title ${at}`);
    await run(catalog);
    await rename(join(imports.music, '1.mp3'), join(imports.music, 'one.mp3'));
    await rm(join(imports.music, '2.mp3'));
    expect(await run(catalog)).toMatchObject({ found: 2, missing: 1, imported: 0, copies: 0 });
    expect(await imports.count('track')).toBe(3);
  });

  it('makes a track of its own once the page of its first one is somebody else’s', async () => {
    await using catalog = await imports.openService();
    await using _worker = await imports.openWorker();
    await imports.place('1.mp3', 'Ship');
    await run(catalog);
    const [before] = await tracks(catalog);
    await imports.pool.query(`UPDATE artist SET owner_id = 'usr_0'`);
    await imports.pool.query(`UPDATE track SET owner_id = 'usr_0'`);
    await imports.place('1.mp3', 'Steamship');
    await run(catalog);
    const all = await tracks(catalog);
    expect(all).toHaveLength(2);
    expect(all.find(({ id }: { id: string }) => id === before.id)).toMatchObject({ title: 'Ship' });
  });
});
