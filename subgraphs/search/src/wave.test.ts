import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, newId, playlistAsked, type trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { pruneSessions } from './domain/prune-sessions.ts';
import { startWave } from './domain/start-wave.ts';
import { react } from './testing/listening.ts';
import { openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';
import { type Item, START, startWaveOf } from './testing/waves.ts';

describe('My Wave', () => {
  let search: OpenSearch;
  let library: DataOf<typeof trackUpdated>[];

  beforeAll(async () => {
    search = await openSearch();
    library = await plantStyles(search);
  });

  afterAll(() => search[Symbol.asyncDispose]());

  const start = (viewer: Viewer, input: object = {}) => startWaveOf(search, viewer, input);

  const styleOf = ({ track }: Item) => library.find(({ trackId }) => trackId === track.id)?.genres[0];

  it('plays what is like the liked track and names it', async () => {
    const alice = aViewer();
    await react(search, alice, library[0]!.trackId, 'LIKE');
    const { items } = await start(alice, { exploration: 0 });
    expect(items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    for (const item of items.slice(0, 3)) {
      expect(styleOf(item)).toBe('style 0');
      expect(item.reason).toMatchObject({
        __typename: 'BecauseLiked',
        anchor: { id: library[0]!.trackId },
        // by turns
        text: expect.stringMatching(
          /^(Because you like “Track 0”|Style 0, as is “Track 0”, which is to your taste|Near to “Track 0”, which you like)\.$/,
        ),
      });
    }
    expect(items.map(({ track }) => track.id)).not.toContain(library[0]!.trackId);
  });

  it('begins from a genre and from a playlist, for whoever may see that', async () => {
    const viewer = aViewer();
    const ofGenre = await start(viewer, { seed: 'genre:STYLE 1' });
    expect(ofGenre.items[0]?.reason.text).toBe('Because this wave began from “STYLE 1”.');
    expect(styleOf(ofGenre.items[0]!)).toBe('style 1');
    const seed = newId('Playlist');
    await using _albums = await search.bus.answer(playlistAsked, 'albums', async ({ viewerId }) => ({
      playlist: viewerId === viewer.userId ? { title: 'Mine', trackIds: [library[2]!.trackId] } : null,
    }));
    const ofPlaylist = await start(viewer, { seed });
    expect(ofPlaylist.items[0]?.reason.text).toBe('Because this wave began from “Mine”.');
    expect(styleOf(ofPlaylist.items[0]!)).toBe('style 2');
    const other = await asCaller(search.subgraph, aViewer())(START, { input: { seed } });
    expect(other.data.startWave).toEqual({ wave: null, errors: [{ code: 'NOT_FOUND', path: ['seed'] }] });
  });

  it('begins from a track, an artist or an album, and refuses what is none', async () => {
    const viewer = aViewer();
    const { items } = await start(viewer, { seed: library[1]!.trackId });
    expect(items[0]?.reason).toMatchObject({
      __typename: 'BecauseSeed',
      text: 'Because this wave began from “Track 1”.',
    });
    expect(styleOf(items[0]!)).toBe('style 1');
    const ask = asCaller(search.subgraph, viewer);
    const wrong = await ask(START, { input: { seed: newId('Track') } });
    expect(wrong.data.startWave).toEqual({ wave: null, errors: [{ code: 'NOT_FOUND', path: ['seed'] }] });
    const bold = await ask(START, { input: { exploration: 0.31 } });
    expect(bold.data.startWave.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['exploration'] }]);
    const stranger = await asCaller(search.subgraph)(START, { input: {} });
    expect(stranger.errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('gives a stranger honest reasons', async () => {
    const { items } = await start(aViewer());
    expect(items).toHaveLength(5);
    for (const { reason } of items)
      expect(['BecauseFresh', 'BecausePopular', 'Exploring']).toContain(reason.__typename);
  });

  it('is the same wave for the same seed and taste', async () => {
    const viewer = aViewer();
    await react(search, viewer, library[2]!.trackId, 'LIKE');
    const wish = {
      seed: null,
      mood: 'ANY',
      activity: 'ANY',
      familiarity: 'DEFAULT',
      exploration: 0.3,
      languages: [],
      explicit: 'ALLOW',
      energyCurve: 'FLAT',
      excludesAiSuspected: false,
    } as const;
    const deps = { ...search, wakeRelay: () => undefined };
    const waves = await Promise.all([
      startWave(deps, viewer.userId, wish, 5),
      startWave(deps, viewer.userId, wish, 5),
    ]);
    const items = await Promise.all(
      waves.map(({ id }) => search.db.waveItem.findMany({ where: { waveId: id }, orderBy: { seq: 'asc' } })),
    );
    const [first, second] = items.map((rows) =>
      rows.map(({ trackId, exploratory }) => [trackId, exploratory]),
    );
    expect(first).toHaveLength(5);
    expect(second).toEqual(first);
  });

  it('forgets what nobody has listened to for long', async () => {
    const { id } = await start(aViewer());
    const kept = await start(aViewer());
    const past = new Date('2020-01-01T00:00:00Z');
    await search.db.wave.update({ where: { id }, data: { createdAt: past } });
    await search.db.waveLog.updateMany({ where: { waveId: id }, data: { at: past } });
    await pruneSessions(search, new Date('2021-01-01T00:00:00Z'));
    expect(await search.db.wave.count({ where: { id: { in: [id, kept.id] } } })).toBe(1);
    expect(await search.db.waveItem.count({ where: { waveId: id } })).toBe(0);
  });
});
