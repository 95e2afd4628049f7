import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  newId,
  playlistAsked,
  reactionSet,
  trackDeleted,
  trackUpdated,
  waveReacted,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aCaller, asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { pruneSessions } from './domain/prune-sessions.ts';
import { startWave } from './domain/start-wave.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';

const ITEM = /* GraphQL */ `
  seq score exploratory
  track { id }
  reason {
    __typename text
    ... on BecauseLiked { anchor { id } similarity }
    ... on BecauseSeed { seed similarity }
    ... on BecausePopular { plays }
    ... on BecauseFresh { uploadedAt }
    ... on Exploring { testing }
  }
`;
const START = `mutation ($input: StartWaveInput!) {
  startWave(input: $input) { wave { id items { ${ITEM} } } errors { code path } }
}`;
const FEEDBACK = `mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { ok errors { code path } } }`;
const MY_WAVE = `subscription ($waveId: ID!, $sinceSeq: Int) {
  myWave(waveId: $waveId, sinceSeq: $sinceSeq) {
    __typename
    ... on WaveItems { items { ${ITEM} } }
    ... on WaveRetuned { why removedSeqs }
    ... on WaveEnded { why }
  }
}`;

interface Item {
  readonly seq: number;
  readonly exploratory: boolean;
  readonly track: { readonly id: string };
  readonly reason: {
    readonly __typename: string;
    readonly text: string;
    readonly anchor?: { readonly id: string };
  };
}

describe('My Wave', () => {
  let search: OpenSearch;
  let library: DataOf<typeof trackUpdated>[];
  const reacted: DataOf<typeof waveReacted>[] = [];

  beforeAll(async () => {
    search = await openSearch();
    await search.bus.consume(waveReacted, 'test', async (event) => void reacted.push(event));
    // four styles of eight tracks by four artists each
    library = Array.from({ length: 32 }, (_, n) => {
      const style = n % 4;
      const vector = [0, 0, 0, 0].map((_zero, axis) => (axis === style ? 1 : 0.06 * ((n * (axis + 3)) % 7)));
      return aTrack({
        title: `Track ${n}`,
        artistName: `Artist ${n % 16}`,
        vector,
        genres: [`style ${style}`],
      });
    });
    const artists = Array.from({ length: 16 }, () => newId('Artist'));
    library = library.map((track, n) => ({ ...track, artistId: artists[n % 16]! }));
    for (const track of library) await search.bus.publish(trackUpdated, track);
    await search.settle();
  });

  afterAll(async () => {
    await search[Symbol.asyncDispose]();
  });

  async function like(viewer: Viewer, trackId: string, reaction: 'LIKE' | 'DISLIKE' = 'LIKE') {
    const event = {
      userId: viewer.userId,
      trackId: trackId as never,
      reaction,
      at: new Date().toISOString(),
    };
    await search.bus.publish(reactionSet, event);
    await search.settle();
  }

  async function start(viewer: Viewer, input: object = {}): Promise<{ id: string; items: Item[] }> {
    const { data, errors } = await asCaller(search.subgraph, viewer)(START, { input });
    expect(errors).toBeUndefined();
    expect(data.startWave.errors).toEqual([]);
    return data.startWave.wave;
  }

  async function feed(viewer: Viewer, waveId: string, seq: number, type: string, more: object = {}) {
    const input = { waveId, seq, type, clientEventId: `${type} ${seq} ${Math.random()}`, ...more };
    const { data, errors } = await asCaller(search.subgraph, viewer)(FEEDBACK, { input });
    expect(errors).toBeUndefined();
    return data.waveFeedback;
  }

  const styleOf = ({ track }: Item) => library.find(({ trackId }) => trackId === track.id)?.genres[0];

  it('plays what is like the liked track and names it', async () => {
    const alice = aViewer();
    await like(alice, library[0]!.trackId);
    const { items } = await start(alice, { exploration: 0 });
    expect(items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    for (const item of items.slice(0, 3)) {
      expect(styleOf(item)).toBe('style 0');
      expect(item.reason).toMatchObject({
        __typename: 'BecauseLiked',
        anchor: { id: library[0]!.trackId },
        text: 'Because you like “Track 0”.',
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
    await like(viewer, library[2]!.trackId);
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
      waves.map(({ id }) => search.db.waveItem.findMany({ where: { waveId: id } })),
    );
    const [first, second] = items.map((rows) =>
      rows.map(({ trackId, exploratory }) => [trackId, exploratory]),
    );
    expect(first).toHaveLength(5);
    expect(second).toEqual(first);
  });

  it('streams what waits, then a retuned tail after a skip, and each change of it once', async () => {
    const bob = aViewer();
    await like(bob, library[0]!.trackId);
    await like(bob, library[1]!.trackId);
    const { id, items } = await start(bob, { exploration: 0 });
    const updates = subscribeAs(search.subgraph, bob, MY_WAVE, { waveId: id });
    const next = async () => (await updates.next()).value?.data.myWave;
    expect(await next()).toMatchObject({ __typename: 'WaveItems', items });

    await feed(bob, id, 1, 'STARTED');
    expect(await feed(bob, id, 1, 'SKIPPED', { positionMs: 4_000 })).toEqual({ ok: true, errors: [] });
    const retuned = await next();
    expect(retuned).toMatchObject({ __typename: 'WaveRetuned', removedSeqs: [2, 3, 4, 5] });
    expect(retuned.why).toContain('You skipped');
    const fresh = await next();
    expect(fresh.items.map(({ seq }: Item) => seq)).toEqual([6, 7, 8, 9, 10]);
    expect(fresh.items[0].track.id).not.toBe(items[1]!.track.id);
    await updates.return(undefined);
  });

  it('gives a listener who comes back each item once', async () => {
    const carol = aViewer();
    await like(carol, library[3]!.trackId);
    const { id } = await start(carol);
    const seen: number[] = [];
    let removed: number[] = [];
    const connect = async (until: number) => {
      const sinceSeq = Math.max(0, ...seen);
      for await (const { data } of subscribeAs(search.subgraph, carol, MY_WAVE, { waveId: id, sinceSeq })) {
        const update = data.myWave;
        if (update.__typename === 'WaveItems') seen.push(...update.items.map(({ seq }: Item) => seq));
        if (update.__typename === 'WaveRetuned') removed = [...removed, ...update.removedSeqs];
        if (Math.max(...seen) >= until) break;
      }
    };
    await connect(5);
    for (const seq of [1, 2, 3]) await feed(carol, id, seq, 'FINISHED');
    await connect(8);
    await feed(carol, id, 4, 'SKIPPED');
    await connect(13);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(removed).toEqual([5, 6, 7, 8]);
  });

  it('counts an event once, however often it is sent', async () => {
    const dave = aViewer();
    await like(dave, library[0]!.trackId);
    const { id } = await start(dave, { exploration: 0 });
    const weight = async () =>
      (
        await search.db.tasteAnchor.findFirst({
          where: { userId: dave.userId, trackId: library[0]!.trackId },
        })
      )?.weight;
    for (let time = 0; time < 3; time++)
      expect(await feed(dave, id, 1, 'SKIPPED', { clientEventId: 'same' })).toEqual({ ok: true, errors: [] });
    expect(await weight()).toBeCloseTo(0.6, 5);
    expect(await search.db.waveLog.count({ where: { waveId: id, kind: 'RETUNED' } })).toBe(1);
  });

  it('takes reactions that come at once one after the other', async () => {
    const viewer = aViewer();
    const { id } = await start(viewer);
    const same = { clientEventId: 'twice' };
    const answers = await Promise.all([
      feed(viewer, id, 1, 'SKIPPED', same),
      feed(viewer, id, 1, 'SKIPPED', same),
      feed(viewer, id, 1, 'LIKED'),
      feed(viewer, id, 1, 'NOT_NOW'),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    const log = await search.db.waveLog.findMany({ where: { waveId: id }, orderBy: { n: 'asc' } });
    expect(log.map(({ kind }) => kind)).toEqual(['ITEMS', 'RETUNED', 'ITEMS', 'RETUNED', 'ITEMS']);
    expect(await search.db.waveItem.count({ where: { waveId: id, state: 'QUEUED' } })).toBe(5);
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

  it('tells the library of a reaction and never plays a disliked track or a blocked artist again', async () => {
    const erin = aViewer();
    const { id, items } = await start(erin, { seed: library[0]!.trackId });
    const [first, second] = [items[0]!.track.id, items[1]!.track.id];
    await feed(erin, id, 1, 'DISLIKED');
    await search.settle();
    expect(reacted).toContainEqual(
      expect.objectContaining({ userId: erin.userId, trackId: first, reaction: 'DISLIKE' }),
    );
    const { artistId } = library.find(({ trackId }) => trackId === second)!;
    const replanned = await search.db.waveItem.findFirstOrThrow({ where: { waveId: id, state: 'QUEUED' } });
    await feed(erin, id, 2, 'BLOCK_ARTIST');
    const blocked = library.filter((track) => track.artistId === artistId).map(({ trackId }) => trackId);
    const seenLater = new Set<string>();
    for (let turn = 0, seq = replanned.seq; turn < 40; turn++) {
      const queued = await search.db.waveItem.findMany({
        where: { waveId: id, state: 'QUEUED' },
        orderBy: { seq: 'asc' },
      });
      for (const { trackId } of queued) seenLater.add(trackId);
      seq = queued[0]!.seq;
      await feed(erin, id, seq, 'FINISHED');
    }
    expect(seenLater).not.toContain(first);
    for (const trackId of blocked) expect(seenLater).not.toContain(trackId);
    // it went on after everything that may be played was played
    expect(seenLater.size).toBe(library.length - new Set([first, ...blocked]).size);
  });

  it('shows a wave to its listener only', async () => {
    const { id } = await start(aViewer());
    const mallory = aViewer();
    const { value } = await subscribeAs(search.subgraph, mallory, MY_WAVE, { waveId: id }).next();
    expect(value?.errors?.[0].extensions.code).toBe('NOT_FOUND');
    expect(await feed(mallory, id, 1, 'LIKED')).toEqual({
      ok: false,
      errors: [{ code: 'NOT_FOUND', path: ['waveId'] }],
    });
    const owner = aViewer();
    const own = await start(owner);
    expect(await feed(owner, own.id, 99, 'LIKED')).toEqual({
      ok: false,
      errors: [{ code: 'NOT_FOUND', path: ['seq'] }],
    });
  });

  it('lets go of a stream at once, also while nothing happens', async () => {
    const viewer = aViewer();
    const { id } = await start(viewer);
    const stream = search.subgraph.subscribe({ query: MY_WAVE, variables: { waveId: id } }, aCaller(viewer));
    await stream.next();
    const pending = stream.next();
    await stream.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  it('takes a deleted track out of the queue', async () => {
    const viewer = aViewer();
    const { id, items } = await start(viewer);
    const { trackId, ownerId } = library.find((track) => track.trackId === items[2]!.track.id)!;
    await search.bus.publish(trackDeleted, { trackId, ownerId });
    await search.settle();
    const [update] = await take(subscribeAs(search.subgraph, viewer, MY_WAVE, { waveId: id }), 1);
    const left = update?.data.myWave.items.map(({ track }: Item) => track.id);
    expect(left).toEqual(items.filter(({ seq }) => seq !== 3).map(({ track }) => track.id));
  });
});

async function take<T>(stream: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const value of stream) {
    taken.push(value);
    if (taken.length === count) break;
  }
  return taken;
}
