import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AlbumDocument,
  CreateImportSourceDocument,
  ImportProgressDocument,
  MyArtistsDocument,
  ArtistDocument,
  StartImportDocument,
  TrackCoverDocument,
} from '@volna/gateway/client';

import type { Api } from './client/api.ts';
import { openAdministrator } from './testing/administrator.ts';
import { coverTune, makeTune } from './testing/audio.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';

const FILES = [
  ['mp3', 'red', '#ff0000'],
  ['flac', 'blue', '#0000ff'],
  ['m4a', 'lime', '#00ff00'],
] as const;

describe('pictures in the files of an import', () => {
  let imported: number;
  let volna: TestStack;
  let admin: Api;

  beforeAll(async () => {
    volna = await openTestStack({}, { importRoots: [tmpdir()] });
    admin = await openAdministrator(volna);
    const music = join(volna.directory, 'music');
    await mkdir(music);
    for (const [at, [format, color]] of FILES.entries()) {
      const tags = { title: format, artist: `Painter of ${format}`, album: format, track: '1' };
      const tune = { name: `tune-${format}`, format, seconds: 4, root: 150 + at * 70, tags };
      const { ffmpeg } = volna.backends;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const made = await coverTune(ffmpeg, await makeTune(ffmpeg, volna.directory, tune), color);
      // oxlint-disable-next-line no-await-in-loop
      await rename(made, join(music, `${at}.${format}`));
    }
    const input = { kind: 'FOLDER' as const, location: music };
    const { createImportSource } = await admin.ask(CreateImportSourceDocument, { input });
    const { startImport } = await admin.ask(StartImportDocument, {
      input: { sourceId: createImportSource.source?.id ?? '' },
    });
    imported = 0;
    for await (const { importProgress } of admin.watch(ImportProgressDocument, {
      runId: startImport.run?.id ?? '',
    }))
      imported = importProgress.imported;
  }, 240_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  it('are imported, all of them', () => {
    expect(imported).toBe(FILES.length);
  });

  it.each(FILES)('of %s are its covers, and those of its album', async (format, _name, color) => {
    const { me } = await admin.ask(MyArtistsDocument, {});
    const id = me?.artists.find(({ name }) => name === `Painter of ${format}`)?.id ?? '';
    const { artist } = await admin.ask(ArtistDocument, { id });
    const trackId = artist?.tracks.edges[0]?.node?.id ?? '';
    for (const [size, side] of [
      ['SMALL', 64],
      ['MEDIUM', 300],
      ['LARGE', 500],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- three
      const { track } = await admin.ask(TrackCoverDocument, { id: trackId, size });
      expect(track?.cover).toMatchObject({ width: side, height: side, blurhash: expect.any(String) });
      expect(near(track?.cover?.color ?? '', color)).toBe(true);
      // oxlint-disable-next-line no-await-in-loop
      const answer = await fetch(track?.cover?.url ?? '');
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
    }
    const { album } = await admin.ask(AlbumDocument, { id: artist?.albums.edges[0]?.node?.id ?? '' });
    expect(album).toMatchObject({ title: format, cover: { width: expect.any(Number) } });
  });
});

const parts = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** WebP does not give colours back exactly. */
function near(color: string, wanted: string): boolean {
  const seen = parts(color);
  return parts(wanted).every((value, at) => Math.abs(value - (seen[at] ?? Infinity)) <= 16);
}
