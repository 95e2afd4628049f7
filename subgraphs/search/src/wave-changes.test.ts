import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AlbumId,
  albumDescribed,
  albumTracksChanged,
  type DataOf,
  newId,
  reactionSet,
  trackUpdated,
  UserId,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { rebuildState } from './domain/rebuild-state.ts';
import { rebuildLostTastes } from './domain/rebuild-tastes.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';
import { WaveState } from './wave/state.ts';

const ITEM = `seq batchId score exploratory track { id } album { id }
  item { __typename ... on Track { id } ... on Album { id } }
  transition { gainDb tempo key crossfadeMs }
  reason { __typename text ... on BecauseLiked { sharedTraits } }`;
const DECISION = `{ reason { text } terms { name value } passed relaxed anchor { id } anchorWeight sharedTraits }`;
const PREVIEW = `query ($input: StartWaveInput, $first: Int, $randomSeed: Int) {
  myWave(input: $input, first: $first, randomSeed: $randomSeed) { randomSeed items { ${ITEM} decision ${DECISION} } } }`;
const START = `mutation ($input: StartWaveInput!) {
  startWave(input: $input) { wave { id items { ${ITEM} } } errors { code path } } }`;
const TUNE = `mutation ($waveId: ID!, $input: TuneWaveInput!) {
  tuneWave(waveId: $waveId, input: $input) { wave { items { ${ITEM} } } errors { code path } } }`;
const SHAKE = `mutation ($waveId: ID!) {
  shakeWave(waveId: $waveId) { wave { items { ${ITEM} } } errors { code path } } }`;
const FEEDBACK = `mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { ok errors { code path } } }`;
const WHY = `query ($waveId: ID!, $seq: Int!) { whyRecommended(waveId: $waveId, seq: $seq) ${DECISION} }`;
const MY_WAVE = `subscription ($waveId: ID!, $sinceSeq: Int) {
  myWave(waveId: $waveId, sinceSeq: $sinceSeq) {
    __typename
    ... on WaveItems { items { seq track { id } } }
    ... on WaveRetuned { why removedSeqs }
  }
}`;
const OPTIONS = `{ waveOptions {
  moods { value name } activities { value } languages { value name } seeds { value } feedback { value }
  exploration { min max default }
} }`;

interface Item {
  readonly seq: number;
  readonly batchId: string;
  readonly score: number;
  readonly track: { readonly id: string };
  readonly album: { readonly id: string } | null;
}
type Track = DataOf<typeof trackUpdated>;

describe('a running wave', () => {
  let search: OpenSearch;
  let library: Track[];
  const albumId = AlbumId.parse(newId('Album'));

  beforeAll(async () => {
    search = await openSearch();
    // two styles: quiet ones in English, loud ones in Russian; some explicit, some taken for synthetic
    library = Array.from({ length: 36 }, (_, n) => {
      const loud = n % 2 === 1;
      const vector = [loud ? 0.2 : 1, loud ? 1 : 0.2, 0.12 * (n % 5), 0.1 * (n % 7)];
      return aTrack({
        title: `Track ${n}`,
        vector,
        genres: [loud ? 'punk' : 'ambient'],
        language: n % 9 === 0 ? null : loud ? 'ru' : 'en',
        explicit: n % 6 === 1,
        isAiSuspected: n % 10 === 4,
        features: {
          tempo: loud ? 150 : 75,
          key: loud ? 'E minor' : 'C major',
          energy: loud ? 0.9 : 0.15,
          valence: 0.6,
          loudnessLufs: loud ? -8 : -14,
        },
      });
    });
    for (const track of library) await search.bus.publish(trackUpdated, track);
    await search.settle();
  });

  afterAll(async () => {
    await search[Symbol.asyncDispose]();
  });

  const of = (trackId: string): Track => library.find((track) => track.trackId === trackId)!;

  async function aFan(...liked: number[]): Promise<Viewer> {
    const viewer = aViewer();
    for (const n of liked) {
      const { trackId } = library[n]!;
      const at = new Date().toISOString();
      await search.bus.publish(reactionSet, { userId: viewer.userId, trackId, reaction: 'LIKE', at });
    }
    await search.settle();
    return viewer;
  }

  async function ask(viewer: Viewer, document: string, variables: object = {}) {
    const { data, errors } = await asCaller(search.subgraph, viewer)(document, variables as never);
    expect(errors).toBeUndefined();
    return data;
  }

  async function start(viewer: Viewer, input: object = {}): Promise<{ id: string; items: Item[] }> {
    return (await ask(viewer, START, { input })).startWave.wave;
  }

  async function feed(viewer: Viewer, waveId: string, seq: number, type: string, more: object = {}) {
    const input = { waveId, seq, type, clientEventId: `${type} ${seq} ${Math.random()}`, ...more };
    return (await ask(viewer, FEEDBACK, { input })).waveFeedback;
  }

  const queue = (waveId: string) =>
    search.db.waveItem.findMany({ where: { waveId, state: 'QUEUED' }, orderBy: { seq: 'asc' } });

  it('is previewed without being opened, the same for the same dice', async () => {
    const viewer = await aFan(0);
    const variables = { input: { exploration: 0.3 }, first: 12, randomSeed: 7 };
    const one = (await ask(viewer, PREVIEW, variables)).myWave;
    expect(one.items.map(({ seq }: Item) => seq)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    expect((await ask(viewer, PREVIEW, variables)).myWave).toEqual(one);
    const other = (await ask(viewer, PREVIEW, { ...variables, randomSeed: 8 })).myWave;
    expect(other.items).not.toEqual(one.items);
    expect(await search.db.wave.count({ where: { userId: viewer.userId } })).toBe(0);
    expect(one.items[0].transition).toBeNull();
    expect(one.items[0].decision.passed).toEqual(
      expect.arrayContaining(['NOT_REFUSED', 'RESTED', 'ARTIST_SPACED']),
    );
  });

  it('is tuned: what plays stays, what waits is picked anew, and the socket tells', async () => {
    const viewer = await aFan(0, 1);
    const { id } = await start(viewer, { exploration: 0 });
    await feed(viewer, id, 1, 'STARTED');
    const updates = subscribeAs(search.subgraph, viewer, MY_WAVE, { waveId: id });
    const next = async () => (await updates.next()).value?.data.myWave;
    await next();
    const { tuneWave } = await ask(viewer, TUNE, { waveId: id, input: { mood: 'CALM', languages: ['EN'] } });
    expect(await next()).toMatchObject({
      __typename: 'WaveRetuned',
      removedSeqs: [2, 3, 4, 5],
      why: 'Tuned. mood: calm; languages: EN.',
    });
    const told = (await next()).items;
    expect(told.map(({ seq }: Item) => seq)).toEqual([6, 7, 8, 9, 10]);
    expect(tuneWave.wave.items.map(({ seq }: Item) => seq)).toEqual([6, 7, 8, 9, 10]);
    for (const { track } of told) expect(of(track.id).genres).toEqual(['ambient']);
    expect(await search.db.waveItem.findFirst({ where: { waveId: id, seq: 1 } })).toMatchObject({
      state: 'STARTED',
    });
    await updates.return(undefined);
  });

  it('refuses wishes that cannot be, and strangers', async () => {
    const [owner, mallory] = [await aFan(0), aViewer()];
    const { id } = await start(owner);
    const codes = async (viewer: Viewer, input: object) =>
      (await ask(viewer, TUNE, { waveId: id, input })).tuneWave.errors;
    expect(await codes(owner, { exploration: 0.5 })).toEqual([
      { code: 'BAD_USER_INPUT', path: ['exploration'] },
    ]);
    expect(await codes(owner, { languages: ['; DROP'] })).toEqual([
      { code: 'BAD_USER_INPUT', path: ['languages'] },
    ]);
    expect(await codes(mallory, {})).toEqual([{ code: 'NOT_FOUND', path: ['waveId'] }]);
    expect((await ask(mallory, SHAKE, { waveId: id })).shakeWave.errors).toEqual([
      { code: 'NOT_FOUND', path: ['waveId'] },
    ]);
    expect((await ask(mallory, WHY, { waveId: id, seq: 1 })).whyRecommended).toBeNull();
  });

  it('is shaken: nothing that waited comes back while there is anything else', async () => {
    const viewer = await aFan(0);
    const { id, items } = await start(viewer, { exploration: 0 });
    const { items: shaken } = (await ask(viewer, SHAKE, { waveId: id })).shakeWave.wave;
    const before = new Set(items.map(({ track }) => track.id));
    expect(shaken).toHaveLength(5);
    for (const { track } of shaken) expect(before).not.toContain(track.id);
    expect(shaken.some(({ exploratory }: { exploratory: boolean }) => exploratory)).toBe(true);
  });

  it('holds to languages, to what is explicit and to what is taken for synthetic', async () => {
    const viewer = await aFan(0, 1);
    const input = { languages: ['ru'], explicit: 'EXCLUDE', excludeAiSuspected: true };
    const { items } = (await ask(viewer, PREVIEW, { input, first: 40 })).myWave;
    // all that is left comes again and again
    expect(items).toHaveLength(40);
    for (const { track } of items) {
      const { language, explicit, isAiSuspected } = of(track.id);
      expect([language, explicit, isAiSuspected]).toEqual([language === null ? null : 'ru', false, false]);
    }
  });

  it('plays an album as a whole, and its tracks not once more', async () => {
    const on = [0, 2, 6, 8].map((n) => library[n]!.trackId);
    const { artistId } = library[0]!;
    const ownerId = UserId.parse(newId('User'));
    await search.bus.publish(albumDescribed, { albumId, artistId, ownerId, title: 'Quiet', year: 2020 });
    await search.bus.publish(albumTracksChanged, { albumId, trackIds: on });
    await search.settle();
    const viewer = await aFan(10);
    const input = { exploration: 0, mood: 'CALM' };
    const { items } = (await ask(viewer, PREVIEW, { input, first: 16, randomSeed: 3 })).myWave;
    const [album, ...others] = items.filter((item: Item) => item.album !== null);
    expect(album).toMatchObject({
      seq: 4,
      album: { id: albumId },
      item: { __typename: 'Album', id: albumId },
    });
    expect(on).toContain(album.track.id);
    expect(others).toEqual([]);
    const after = items.slice(4, 12).map(({ track }: Item) => track.id);
    for (const trackId of on) expect(after).not.toContain(trackId);
    expect(items[4].transition).toBeNull();
    // nothing that the listener dislikes is played as a part of it
    const at = new Date().toISOString();
    const dislike = { userId: viewer.userId, trackId: on[2]!, reaction: 'DISLIKE' as const, at };
    await search.bus.publish(reactionSet, dislike);
    await search.settle();
    const without = (await ask(viewer, PREVIEW, { input, first: 16, randomSeed: 3 })).myWave;
    expect(without.items.filter((item: Item) => item.album !== null)).toEqual([]);
  });

  it('says why, by what was written down', async () => {
    const viewer = await aFan(0);
    const { id, items } = await start(viewer, { exploration: 0 });
    const [first] = items;
    const { whyRecommended } = await ask(viewer, WHY, { waveId: id, seq: 1 });
    const sum = whyRecommended.terms.reduce(
      (total: number, { value }: { value: number }) => total + value,
      0,
    );
    expect(sum).toBeCloseTo(first!.score, 5);
    expect(whyRecommended).toMatchObject({
      reason: { text: 'Because you like “Track 0”.' },
      anchor: { id: library[0]!.trackId },
      sharedTraits: ['ambient', 'slow music', 'quiet music'],
      relaxed: [],
    });
    expect(items[1]).toMatchObject({
      transition: { tempo: 'SAME', key: 'SAME', gainDb: 0, crossfadeMs: 6_000 },
    });
  });

  it('takes feedback with its batch and its time', async () => {
    const viewer = await aFan(0);
    const { id, items } = await start(viewer);
    const occurredAt = '2026-01-02T03:04:05.000Z';
    expect(await feed(viewer, id, 1, 'REPLAYED', { batchId: items[0]!.batchId, occurredAt })).toMatchObject({
      ok: true,
    });
    expect(
      await search.db.tasteSignal.findFirst({ where: { userId: viewer.userId, kind: 'REPLAYED' } }),
    ).toMatchObject({
      at: new Date(occurredAt),
      source: 'WAVE',
    });
    const wrong = await feed(viewer, id, 1, 'FINISHED', { batchId: 'another' });
    expect(wrong.errors).toEqual([{ code: 'NOT_FOUND', path: ['batchId'] }]);
    const early = await feed(viewer, id, 1, 'FINISHED', { occurredAt: '2099-01-01T00:00:00.000Z' });
    expect(early.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['occurredAt'] }]);
  });

  it('counts skips of somebody who looks for something once', async () => {
    const viewer = await aFan(0);
    const { id } = await start(viewer, { exploration: 0 });
    const weight = async () =>
      WaveState.parse((await search.db.wave.findUniqueOrThrow({ where: { id } })).state).anchors.find(
        ({ trackId }) => trackId === library[0]!.trackId,
      )!.weight;
    const before = await weight();
    for (let skip = 0; skip < 4; skip++) {
      const [item] = await queue(id);
      await feed(viewer, id, item!.seq, 'STARTED');
      await feed(viewer, id, item!.seq, 'SKIPPED', { positionMs: 2_000 });
    }
    expect((await weight()) / before).toBeCloseTo(0.6, 1);
  });

  it('is made again from what it was told: the same state and the same next picks', async () => {
    const viewer = await aFan(0, 1, 2);
    const { id } = await start(viewer, { exploration: 0.2 });
    const acts = [
      'FINISHED',
      'SKIPPED',
      'LIKED',
      'SKIPPED',
      'SKIPPED',
      'SKIPPED',
      'NOT_NOW',
      'DISLIKED',
      'REPLAYED',
    ];
    for (const type of acts) {
      const [item] = await queue(id);
      await feed(viewer, id, item!.seq, type, type === 'SKIPPED' ? { positionMs: 3_000 } : {});
    }
    await ask(viewer, SHAKE, { waveId: id });
    await ask(viewer, TUNE, { waveId: id, input: { energyCurve: 'RISE' } });
    const wave = await search.db.wave.findUniqueOrThrow({ where: { id } });
    const known = WaveState.parse(wave.state);
    const rebuilt = await search.db.$transaction((tx) => rebuildState(tx, wave));
    expect(toPlain(rebuilt)).toEqual(toPlain(known));
    // a state that is lost is not missed
    await search.db.wave.update({ where: { id }, data: { state: {} } });
    const [item] = await queue(id);
    await feed(viewer, id, item!.seq, 'FINISHED');
    const after = WaveState.parse((await search.db.wave.findUniqueOrThrow({ where: { id } })).state);
    expect(after.anchors.map(({ trackId }) => trackId)).toEqual(
      expect.arrayContaining(known.anchors.map(({ trackId }) => trackId)),
    );
  });

  it('knows a taste again from its log alone: the same picks', async () => {
    const viewer = await aFan(0, 1, 2);
    const { id } = await start(viewer, { exploration: 0 });
    for (const type of ['FINISHED', 'SKIPPED', 'LIKED', 'DISLIKED', 'REPLAYED']) {
      const [item] = await queue(id);
      await feed(viewer, id, item!.seq, type, { positionMs: 30_000 });
    }
    const look = async () => (await ask(viewer, PREVIEW, { first: 20, randomSeed: 5 })).myWave.items;
    const before = await look();
    await search.db.$transaction([
      search.db.reaction.deleteMany(),
      search.db.listen.deleteMany(),
      search.db.tasteAnchor.deleteMany(),
    ]);
    expect(await look()).not.toEqual(before);
    await rebuildLostTastes(search.db);
    expect(await look()).toEqual(before);
  });

  it('gives each item exactly once, however often the listener leaves and comes back', async () => {
    const viewer = await aFan(0, 3);
    const { id } = await start(viewer);
    const [seen, removed]: [number[], Set<number>] = [[], new Set()];
    for (let round = 0; round < 8; round++) {
      const sinceSeq = Math.max(0, ...seen);
      const stream = subscribeAs(search.subgraph, viewer, MY_WAVE, { waveId: id, sinceSeq });
      const waiting = await queue(id);
      const last = waiting.at(-1)!.seq;
      for await (const { data } of stream) {
        const update = data.myWave;
        for (const { seq } of update.items ?? []) seen.push(seq);
        for (const seq of update.removedSeqs ?? []) removed.add(seq);
        if (last <= Math.max(sinceSeq, ...seen)) break;
      }
      // while nobody looks
      const type = ['FINISHED', 'SKIPPED', 'LIKED', 'NOT_NOW'][round % 4]!;
      await feed(viewer, id, waiting[0]!.seq, type);
    }
    expect(seen).toEqual([...new Set(seen)]);
    const rows = await search.db.waveItem.findMany({
      where: { waveId: id, seq: { lte: Math.max(...seen) } },
    });
    const unseen = rows.filter(({ seq }) => !seen.includes(seq));
    expect(unseen.filter(({ state }) => state !== 'REMOVED')).toEqual([]);
    const taken = rows.filter(({ seq, state }) => state === 'REMOVED' && seq < Math.min(...seen.slice(-5)));
    const told = taken.filter(({ seq }) => seen.includes(seq)).map(({ seq }) => seq);
    expect([...removed]).toEqual(expect.arrayContaining(told));
  });

  it('tells what it can be asked for', async () => {
    const { waveOptions } = (await asCaller(search.subgraph, null)(OPTIONS)).data;
    expect(waveOptions.moods[3]).toEqual({ value: 'CALM', name: 'Calm' });
    expect(waveOptions.languages).toEqual([
      { value: 'en', name: 'English' },
      { value: 'ru', name: 'Russian' },
    ]);
    expect(waveOptions.seeds).toContainEqual({ value: 'Tag' });
    expect(waveOptions.exploration).toEqual({ min: 0, max: 0.3, default: 0.08 });
  });
});

/** Numbers as far as a database and a sum in another order keep them. */
function toPlain(state: WaveState): unknown {
  return JSON.parse(JSON.stringify(state), (_key, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(9)) : value,
  );
}
