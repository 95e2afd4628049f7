import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AlbumDocument,
  ArtistDocument,
  CreateImportSourceDocument,
  ImportProgressDocument,
  type ImportRunFieldsFragment,
  ImportReportDocument,
  MyArtistsDocument,
  StartImportDocument,
  TrackDocument,
} from '@volna/gateway/client';
import { mp3, textFrame } from '@volna/platform/testing/mp3';

import type { Api } from './client/api.ts';
import { openAdministrator } from './testing/administrator.ts';
import { makeTune } from './testing/audio.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';

const MINUTES = 60_000;
/** «Песня», «Аврора», «Лес» in windows-1251. */
const SONG = Buffer.from([0xcf, 0xe5, 0xf1, 0xed, 0xff]);
const AURORA = Buffer.from([0xc0, 0xe2, 0xf0, 0xee, 0xf0, 0xe0]);
const FOREST = Buffer.from([0xcb, 0xe5, 0xf1]);

describe('an import of a folder', () => {
  let volna: TestStack;
  let admin: Api;
  let music: string;
  let sourceId: string;
  let first: ImportRunFieldsFragment;
  let tunes = 0;

  /** Sounds of their own, so that none is a copy of another. */
  async function tune(
    path: string,
    tags: Readonly<Record<string, string>>,
    format: 'mp3' | 'flac' | 'm4a' = 'mp3',
  ) {
    const name = `tune-${++tunes}`;
    const made = await makeTune(volna.backends.ffmpeg, volna.directory, {
      name,
      format,
      tags,
      seconds: 4,
      root: 150 + tunes * 31,
    });
    await place(path, await readFile(made));
  }
  async function place(path: string, bytes: Uint8Array) {
    await mkdir(dirname(join(music, path)), { recursive: true });
    await writeFile(join(music, path), bytes);
  }
  async function run(): Promise<ImportRunFieldsFragment> {
    const { startImport } = await admin.ask(StartImportDocument, { input: { sourceId } });
    let last = startImport.run;
    for await (const { importProgress } of admin.watch(ImportProgressDocument, { runId: last?.id ?? '' })) {
      expect(importProgress.seq).toBeGreaterThanOrEqual(last?.seq ?? 0);
      last = importProgress;
    }
    if (!last) throw new Error(JSON.stringify(startImport.errors));
    return last;
  }
  const report = async (runId: string) => {
    const { importReport } = await admin.ask(ImportReportDocument, { runId, first: 50 });
    const { run: _, ...lists } = importReport ?? {};
    return Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [
        name,
        typeof list === 'object' && 'edges' in list ? list.edges.map(({ node }) => node.path) : [],
      ]),
    );
  };
  async function pages() {
    const { me } = await admin.ask(MyArtistsDocument, {});
    return new Map(me?.artists.map(({ id, name }) => [name, id]));
  }
  async function albumsOf(name: string) {
    const { artist } = await admin.ask(ArtistDocument, { id: (await pages()).get(name) ?? '' });
    const albums = artist?.albums.edges.flatMap(({ node }) => node ?? []) ?? [];
    return Promise.all(
      albums.map(async ({ id }) => {
        const { album } = await admin.ask(AlbumDocument, { id });
        const titles = album?.tracks.edges.map(({ node }) => node?.title);
        return { title: album?.title, type: album?.type, titles };
      }),
    );
  }

  beforeAll(async () => {
    volna = await openTestStack({}, { importRoots: [tmpdir()] });
    music = join(volna.directory, 'music');
    admin = await openAdministrator(volna);

    const plain = await readFile(
      await makeTune(volna.backends.ffmpeg, volna.directory, { name: 'plain', format: 'mp3', seconds: 4 }),
    );
    const tag = mp3(
      [
        textFrame('TIT2', SONG),
        textFrame('TPE1', AURORA),
        textFrame('TALB', FOREST),
        textFrame('TRCK', '1/1'),
        textFrame('TYER', '2004'),
      ],
      { count: 0 },
    );
    await place('Аврора/Лес/01.mp3', Buffer.concat([tag, plain]));
    await tune('Sampler/01.mp3', {
      title: 'Tide',
      artist: 'Mira',
      album: 'Sampler',
      track: '1',
      date: '2019',
      compilation: '1',
    });
    await tune('Sampler/02.mp3', {
      title: 'Ebb',
      artist: 'Kolja feat. Mira',
      album: 'Sampler',
      track: '2',
      date: '2019',
      compilation: '1',
    });
    await tune('Box/01.mp3', {
      title: 'One',
      artist: 'Lev',
      album_artist: 'Ensemble',
      album: 'Box',
      track: '1',
    });
    await tune('Box/02.mp3', { title: 'Two', artist: 'Nika', album: 'Box', track: '2' });
    const double = { artist: 'Mira', album_artist: 'Mira', album: 'Double', date: '2021-03-05' };
    await tune('Mira/Double/CD2/01.flac', { ...double, title: 'Second', track: '1', disc: '2' }, 'flac');
    await tune('Mira/Double/CD1/01.m4a', { ...double, title: 'First', track: '1', disc: '1' }, 'm4a');
    await place('Mira/copy of first.m4a', await readFile(join(music, 'Mira/Double/CD1/01.m4a')));
    await place(
      'silence.mp3',
      mp3([textFrame('TIT2', 'Nothing'), textFrame('TPE1', 'Nobody')], { count: 150 }),
    );
    await place('broken.mp3', Buffer.alloc(20_000, 'no music '));
    await place('empty.mp3', Buffer.alloc(0));
    await place('notes.txt', Buffer.from('no audio'));
    await place('.hidden/tune.mp3', plain);
    await symlink(join(music, 'silence.mp3'), join(music, 'link.mp3'));

    const input = { kind: 'FOLDER' as const, location: music };
    const { createImportSource } = await admin.ask(CreateImportSourceDocument, { input });
    sourceId = createImportSource.source?.id ?? '';
    first = await run();
  }, 4 * MINUTES);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  it('takes in what is audio and says what it left out', () => {
    expect(first).toMatchObject({
      state: 'DONE',
      found: 11,
      skipped: 2,
      fresh: 11,
      changed: 0,
      copies: 1,
      failed: 1,
    });
    expect(first).toMatchObject({ imported: 9, processing: 0, missing: 0, error: null });
  });

  it('reports what is odd', async () => {
    const { duplicates, ...others } = await report(first.id);
    // tunes that a machine has made sound alike
    expect(duplicates).toContain('Mira/copy of first.m4a');
    expect(others).toEqual({
      missingTags: ['Box/01.mp3', 'Box/02.mp3', 'broken.mp3', 'empty.mp3', 'silence.mp3'],
      silent: ['silence.mp3'],
      failed: ['broken.mp3', 'empty.mp3'],
      missing: [],
    });
  });

  it('reads tags of windows-1251, and makes a page a name', async () => {
    expect([...(await pages()).keys()].toSorted()).toEqual(
      [
        'Ensemble',
        'Kolja',
        'Lev',
        'Mira',
        'Nika',
        'Nobody',
        'Unknown Artist',
        'Various Artists',
        'Аврора',
      ].toSorted(),
    );
    expect(await albumsOf('Аврора')).toEqual([{ title: 'Лес', type: 'SINGLE', titles: ['Песня'] }]);
  });

  it('takes the artist of an album from the files beside one that names none', async () => {
    expect(await albumsOf('Ensemble')).toEqual([{ title: 'Box', type: 'SINGLE', titles: ['One', 'Two'] }]);
  });

  it('builds a compilation, and an album of two discs', async () => {
    expect(await albumsOf('Various Artists')).toEqual([
      { title: 'Sampler', type: 'COMPILATION', titles: ['Tide', 'Ebb'] },
    ]);
    expect(await albumsOf('Mira')).toEqual([
      { title: 'Double', type: 'SINGLE', titles: ['First', 'Second'] },
    ]);
  });

  it(
    'does nothing when nothing has changed',
    async () => {
      const again = await run();
      expect(again).toMatchObject({
        state: 'DONE',
        found: 11,
        fresh: 0,
        changed: 0,
        read: 0,
        imported: 0,
        copies: 0,
        failed: 0,
      });
      expect((await pages()).size).toBe(9);
    },
    MINUTES,
  );

  it(
    'knows a file by its bytes, follows its changes, and keeps what is gone',
    async () => {
      await rename(join(music, 'Sampler/02.mp3'), join(music, 'Sampler/02 - Ebb.mp3'));
      await rm(join(music, 'silence.mp3'));
      await tune('Sampler/01.mp3', {
        title: 'High Tide',
        artist: 'Mira',
        album: 'Sampler',
        track: '1',
        date: '2019',
        compilation: '1',
      });
      const third = await run();
      expect(third).toMatchObject({ state: 'DONE', fresh: 1, changed: 1, moved: 1, imported: 1, copies: 0 });
      // the lost one: what has moved is not gone
      expect(third.missing).toBe(1);
      expect((await report(third.id)).missing).toEqual(['silence.mp3']);
      expect(await albumsOf('Various Artists')).toEqual([
        { title: 'Sampler', type: 'COMPILATION', titles: ['High Tide', 'Ebb'] },
      ]);
      const { artist } = await admin.ask(ArtistDocument, { id: (await pages()).get('Nobody') ?? '' });
      const { track } = await admin.ask(TrackDocument, { id: artist?.tracks.edges[0]?.node?.id ?? '' });
      expect(track).toMatchObject({ title: 'Nothing', status: 'READY' });
    },
    2 * MINUTES,
  );

  it.each([
    ['a folder that does not lie under the roots', '/usr', 'NOT_UNDER_ROOTS'],
    ['a path that leads out of them', '/tmp/../etc', 'NOT_UNDER_ROOTS'],
    ['what is no absolute path', 'music', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, location, code) => {
    const { createImportSource } = await admin.ask(CreateImportSourceDocument, {
      input: { kind: 'FOLDER', location },
    });
    expect(createImportSource.errors).toMatchObject([{ code, path: ['location'] }]);
  });
});
