import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playbackReported, type TrackId, trackDeleted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const DAY_MS = 24 * 60 * 60_000;
const RULE = `rule { genres artistIds year { min max } reactions not { isPlayed } all { any { genres not { genres } } } }`;

const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

describe('smart playlists', () => {
  const owner = aViewer();
  const otherArtist = newId('Artist');
  let albums: OpenAlbums;
  let rock: TrackId;
  let calm: TrackId;
  let old: TrackId;
  let bare: TrackId;

  beforeAll(async () => {
    albums = await openAlbums();
    rock = await albums.aTrack({
      title: 'Bravo',
      genres: ['Rock', 'Post-Punk'],
      year: 1984,
      durationMs: 200_000,
      features: { tempo: 150, energy: 0.9 },
      createdAt: ago(1),
    });
    calm = await albums.aTrack({
      title: 'Alpha',
      artistName: 'Zed',
      artistId: otherArtist,
      genres: ['Ambient'],
      year: 2020,
      durationMs: 400_000,
      features: { tempo: 60, energy: 0.1 },
      createdAt: ago(2),
    });
    old = await albums.aTrack({ title: 'Charlie', genres: ['rock'], year: 1970, createdAt: ago(100) });
    bare = await albums.aTrack({ title: 'Delta', createdAt: ago(3), durationMs: null });
    await albums.aTrack({ title: 'Hidden', isPublished: false });
    await albums.make(owner, 'setReaction', { trackId: rock, reaction: 'LIKE' }, 'track { id }');
    await albums.make(owner, 'setReaction', { trackId: old, reaction: 'DISLIKE' }, 'track { id }');
    const play = { userId: owner.userId, positionMs: 1, durationMs: null, source: 'test' };
    for (const [trackId, event, at] of [
      [rock, 'FINISHED', ago(0)],
      [old, 'STARTED', ago(50)],
      [calm, 'SKIPPED', ago(0)],
    ] as const)
      await albums.bus.publish(playbackReported, { ...play, trackId, event, at });
    await albums.bus.idle();
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  const create = async (smart: object): Promise<string> =>
    (
      await albums.make(
        owner,
        'createPlaylist',
        { title: 'Smart', visibility: 'PUBLIC', smart },
        'playlist { id }',
      )
    ).playlist.id;
  const read = async (id: string, who: Viewer | null = owner, first = 100) => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { playlist } = await albums.ask(
        who,
        `query ($id: ID!, $first: Int!, $after: String) { playlist(id: $id) { trackCount items(first: $first, after: $after) {
          edges { node { track { id } } } pageInfo { hasNextPage endCursor } } } }`,
        { id, first, after },
      );
      ids.push(...playlist.items.edges.map(({ node }: { node: { track: { id: string } } }) => node.track.id));
      after = playlist.items.pageInfo.hasNextPage ? playlist.items.pageInfo.endCursor : null;
    } while (after);
    return ids;
  };
  const find = async (rule: object | null, more: object = {}) =>
    read(await create({ rule, sort: 'TITLE', direction: 'ASC', ...more }));
  const named = (ids: string[]) => {
    const names = new Map<string, string>([
      [rock, 'rock'],
      [calm, 'calm'],
      [old, 'old'],
      [bare, 'bare'],
    ]);
    return ids.map((id) => names.get(id)).join(' ');
  };

  it.each<[object | null, string]>([
    [null, 'calm rock old bare'],
    [{ genres: ['ROCK'] }, 'rock old'],
    [{ year: { min: 1980 } }, 'calm rock'],
    [{ year: { min: 1970, max: 1984 } }, 'rock old'],
    [{ tempo: { min: 100 } }, 'rock'],
    [{ energy: { max: 0.5 } }, 'calm'],
    [{ durationMs: { max: 60_000 } }, 'old'],
    [{ reactions: ['LIKE'] }, 'rock'],
    [{ reactions: ['NONE', 'DISLIKE'] }, 'calm old bare'],
    [{ artistIds: [otherArtist] }, 'calm'],
    [{ addedWithinDays: 30 }, 'calm rock bare'],
    [{ playedWithinDays: 7 }, 'rock'],
    [{ isPlayed: false }, 'calm bare'],
    [{ not: { year: { min: 1980 } } }, 'old bare'],
    [{ not: { not: { genres: ['rock'] } } }, 'rock old'],
    [{ all: [{ genres: ['rock'] }, { not: { reactions: ['DISLIKE'] } }] }, 'rock'],
    [{ any: [{ genres: ['ambient'] }, { all: [{ isPlayed: true }, { year: { max: 1975 } }] }] }, 'calm old'],
  ])('%j takes %s', async (rule, names) => {
    expect(named(await find(rule))).toBe(names);
  });

  it.each([
    ['ADDED_AT', 'DESC', 'rock calm bare old'],
    ['LAST_PLAYED', 'DESC', 'rock old'],
    ['PLAYS', 'DESC', 'rock'],
    ['TITLE', 'DESC', 'bare old rock calm'],
    ['ARTIST', 'ASC', 'rock old bare calm'],
    ['YEAR', 'DESC', 'calm rock old bare'],
    ['TEMPO', 'DESC', 'rock calm'],
    ['ENERGY', 'DESC', 'rock calm'],
    ['DURATION', 'DESC', 'calm rock old bare'],
  ])('are sorted by %s, %s, however small the pages', async (sort, direction, names) => {
    const id = await create({ sort, direction });
    const whole = await read(id);
    expect(named(whole)).toMatch(new RegExp(`^${names}`));
    expect(await read(id, owner, 1)).toEqual(whole);
    expect(new Set(whole).size).toBe(4);
  });

  it('hold no more than their limit, over all pages and in the count', async () => {
    const id = await create({ limit: 3, sort: 'TITLE', direction: 'ASC' });
    for (const first of [1, 2, 100]) expect(named(await read(id, owner, first))).toBe('calm rock old');
    expect((await albums.entity(owner, 'Playlist', id, 'trackCount')).trackCount).toBe(3);
  });

  it('go by their owner’s reactions, and show only what the viewer may hear', async () => {
    const id = await create({ rule: { reactions: ['LIKE'] } });
    expect(named(await read(id, aViewer()))).toBe('rock');
    const all = await create({});
    const [mine, theirs] = [await read(all, albums.artist), await read(all, null)];
    expect([mine.length, theirs.length]).toEqual([5, 4]);
  });

  it('follow what changes', async () => {
    const id = await create({ rule: { genres: ['Polka'] } });
    expect(await read(id)).toEqual([]);
    const trackId = await albums.aTrack({ genres: ['polka'], createdAt: new Date(0).toISOString() });
    expect(await read(id)).toEqual([trackId]);
    await albums.bus.publish(trackDeleted, { trackId, ownerId: albums.artist.userId });
    await albums.bus.idle();
    expect(await read(id)).toEqual([]);
  });

  it('tell their rule as it was given', async () => {
    const rule = { all: [{ any: [{ genres: ['Rock'] }, { not: { genres: ['Pop'] } }] }] };
    const id = await create({ rule });
    const { smart } = await albums.entity(owner, 'Playlist', id, `smart { sort direction limit ${RULE} }`);
    expect(smart).toMatchObject({ sort: 'ADDED_AT', direction: 'DESC', limit: 100, rule });
    const changed = { playlistId: id, smart: { limit: 5 } };
    await albums.make(owner, 'updatePlaylist', changed, 'playlist { id }');
    const after = await albums.entity(owner, 'Playlist', id, `smart { limit rule { genres } }`);
    expect(after.smart).toEqual({ limit: 5, rule: null });
  });

  const deep = (depth: number): object => (depth === 1 ? { isPlayed: true } : { not: deep(depth - 1) });
  it.each<[string, object, string]>([
    ['two fields', { isPlayed: true, genres: ['x'] }, 'smart.rule'],
    ['no field', {}, 'smart.rule'],
    ['an empty list', { all: [] }, 'smart.rule.all'],
    ['an empty range', { year: {} }, 'smart.rule.year'],
    ['a range that is upside down', { any: [{ year: { min: 2, max: 1 } }] }, 'smart.rule.any.0.year'],
    ['six levels', deep(6), 'smart.rule'],
    ['too many conditions', { any: Array.from({ length: 50 }, () => deep(1)) }, 'smart.rule'],
    ['no day', { addedWithinDays: 0 }, 'smart.rule.addedWithinDays'],
  ])('refuse a rule of %s', async (_name, rule, path) => {
    const input = { title: 'Smart', smart: { rule } };
    expect(await albums.refusals(owner, 'createPlaylist', input, 'playlist { id }')).toEqual([
      `BAD_USER_INPUT ${path}`,
    ]);
  });

  it('take a rule of five levels', async () => {
    expect(named(await find(deep(5)))).toBe('rock old');
  });

  it('are filled by nobody, and lists that people fill have no rule', async () => {
    const playlistId = await create({});
    const kept = (await albums.make(owner, 'createPlaylist', { title: 'Kept' }, 'playlist { id }')).playlist
      .id;
    for (const [name, input] of [
      ['addToPlaylist', { playlistId, trackIds: [rock] }],
      ['removeFromPlaylist', { playlistId, itemIds: [`${playlistId}.${rock}`] }],
      ['movePlaylistItem', { playlistId, itemId: `${playlistId}.${rock}` }],
    ] as const)
      expect(await albums.refusals(owner, name, input, 'playlist { id }')).toEqual([
        'WRONG_PLAYLIST_KIND playlistId',
      ]);
    const smart = { playlistId: kept, smart: {} };
    expect(await albums.refusals(owner, 'updatePlaylist', smart, 'playlist { id }')).toEqual([
      'WRONG_PLAYLIST_KIND smart',
    ]);
  });
});
