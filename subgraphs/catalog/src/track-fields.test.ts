import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aBegunTrack } from './testing/stages.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';
import { aWorker } from './testing/worker.ts';

const FIELDS = `title year language explicit isrc trackNumber discNumber albumTitle tags genres { name source }
  lyrics { text language lines { startMs text } }`;
const UPDATE = `mutation ($input: UpdateTrackInput!) { updateTrack(input: $input) { track { ${FIELDS} } errors { code message path } } }`;
const READ = `query ($id: ID!) { track(id: $id) { ${FIELDS} } }`;

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

async function aTrack() {
  const viewer = aViewer();
  return { viewer, trackId: await aTrackRow(catalog, await anArtistRow(catalog, viewer.userId), 'Dawn') };
}

async function update(viewer: Viewer, input: object) {
  const { data, errors } = await catalog.as(viewer)(UPDATE, { input });
  expect(errors).toBeUndefined();
  await catalog.settle();
  return data.updateTrack;
}

const SAID = {
  year: 2024,
  language: 'RUS',
  explicit: true,
  isrc: 'fi-abc-24-00001',
  trackNumber: 3,
  discNumber: 2,
  genres: ['хип-хоп', 'Hip Hop', 'Seapunk'],
  tags: ['Sea', 'night'],
  lyrics: { text: '[00:01.00]one\n[00:02.00]two', language: 'ru' },
};

describe('the fields of a track', () => {
  it('are said by its owner, kept in their canonical form and stated', async () => {
    const { viewer, trackId } = await aTrack();
    const { track, errors } = await update(viewer, { trackId, ...SAID });

    expect(errors).toEqual([]);
    expect(track).toMatchObject({
      language: 'ru',
      explicit: true,
      isrc: 'FIABC2400001',
      trackNumber: 3,
      discNumber: 2,
      genres: [
        { name: 'Hip Hop', source: 'USER' },
        { name: 'Seapunk', source: 'USER' },
      ],
      lyrics: {
        text: 'one\ntwo',
        language: 'ru',
        lines: [
          { startMs: 1000, text: 'one' },
          { startMs: 2000, text: 'two' },
        ],
      },
    });
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)).toMatchObject({
      language: 'ru',
      explicit: true,
      isrc: 'FIABC2400001',
      trackNumber: 3,
      discNumber: 2,
      lyrics: 'one\ntwo',
      genres: ['Hip Hop', 'Seapunk'],
    });
  });

  it('stay where nothing is said of them, and go with null', async () => {
    const { viewer, trackId } = await aTrack();
    const { track: before } = await update(viewer, { trackId, ...SAID });
    expect((await update(viewer, { trackId, title: 'Dusk' })).track).toEqual({ ...before, title: 'Dusk' });

    expect((await update(viewer, { trackId, title: null })).errors).toMatchObject([
      { code: 'BAD_USER_INPUT', path: ['title'] },
    ]);
    const nothing = Object.fromEntries(Object.keys(SAID).map((name) => [name, null]));
    expect((await update(viewer, { trackId, ...nothing })).track).toEqual({
      title: 'Dusk',
      year: null,
      language: null,
      explicit: null,
      isrc: null,
      trackNumber: null,
      discNumber: null,
      albumTitle: null,
      tags: [],
      genres: [],
      lyrics: null,
    });
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)).toMatchObject({ lyrics: null, genres: [] });
  });

  it.each([
    [{ language: 'klingonish' }, ['language'], 'a language is a BCP 47 tag, such as ru or pt-BR'],
    [{ language: 'und' }, ['language'], 'a language is a BCP 47 tag, such as ru or pt-BR'],
    [{ isrc: 'FI-ABC-24-0001' }, ['isrc'], 'an ISRC has twelve characters, such as FI-ABC-24-00001'],
    [{ trackNumber: 0 }, ['trackNumber'], 'a track number is a whole number from 1 to 9999'],
    [{ discNumber: 1000 }, ['discNumber'], 'a disc number is a whole number from 1 to 999'],
    [
      { genres: Array.from({ length: 11 }, (_, at) => `g${at}`) },
      ['genres'],
      'a track has at most 10 genres',
    ],
    [{ genres: ['ok', ' '] }, ['genres', '1'], 'a genre is needed'],
    [
      { lyrics: { text: '[00:01.00]one\n[00:61.00]two' } },
      ['lyrics', 'text'],
      'line 2 of the lyrics: [00:61.00] has more than 59 seconds',
    ],
    [
      { lyrics: { text: 'la', language: '-' } },
      ['lyrics', 'language'],
      'a language is a BCP 47 tag, such as ru or pt-BR',
    ],
  ])('are refused where they are %j', async (input, path, message) => {
    const { viewer, trackId } = await aTrack();
    const { track, errors } = await update(viewer, { trackId, ...input });

    expect(track).toBeNull();
    expect(errors).toEqual([{ code: 'BAD_USER_INPUT', path, message }]);
  });

  it('come from the tags of the file where the uploader has said nothing', async () => {
    const worker = aWorker(catalog);
    const { viewer, trackId, order } = await aBegunTrack(catalog, { title: 'Mine' });
    await update(viewer, { trackId, isrc: 'FIABC2400002', lyrics: { text: 'mine' } });
    const tags = {
      title: 'Theirs',
      album: 'Shoals',
      genres: ['рок', 'Rock', 'Seapunk'],
      language: 'eng',
      explicit: false,
      isrc: 'USXYZ9900001',
      lyrics: 'theirs',
      discNumber: 2,
      trackNumber: 0,
    };
    await worker.transcoded(order, { tags, sha256: 'a'.repeat(64) });

    const { data } = await catalog.as(viewer)(READ, { id: trackId });
    expect(data.track).toEqual({
      title: 'Mine',
      year: null,
      language: 'en',
      explicit: false,
      isrc: 'FIABC2400002',
      trackNumber: null,
      discNumber: 2,
      albumTitle: 'Shoals',
      tags: [],
      genres: [
        { name: 'Rock', source: 'FILE' },
        { name: 'Seapunk', source: 'FILE' },
      ],
      lyrics: { text: 'mine', language: null, lines: null },
    });
    expect(await catalog.db.track.findUnique({ where: { id: trackId } })).toMatchObject({
      contentHash: 'a'.repeat(64),
    });
  });

  it('take lyrics of a file that are no sound LRC as plain ones', async () => {
    const worker = aWorker(catalog);
    const { viewer, trackId, order } = await aBegunTrack(catalog);
    await worker.transcoded(order, { tags: { lyrics: '[00:99.00]one\ntwo' } });

    const { data } = await catalog.as(viewer)(READ, { id: trackId });
    expect(data.track.lyrics).toEqual({ text: '[00:99.00]one\ntwo', language: null, lines: null });
  });
});
