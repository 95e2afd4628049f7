import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, trackDeleted, type trackUpdated, waveReacted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { forgetTitles } from './domain/forget-titles.ts';
import { react } from './testing/listening.ts';
import { openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';
import { feedWave, type Item, MY_WAVE, startWaveOf } from './testing/waves.ts';
import { WaveState } from './wave/state.ts';

describe('what a wave is told', () => {
  let search: OpenSearch;
  let library: DataOf<typeof trackUpdated>[];
  const reacted: DataOf<typeof waveReacted>[] = [];

  beforeAll(async () => {
    search = await openSearch();
    await search.bus.consume(waveReacted, 'test', async (event) => void reacted.push(event));
    library = await plantStyles(search);
  });

  afterAll(() => search[Symbol.asyncDispose]());

  const start = (viewer: Viewer, input: object = {}) => startWaveOf(search, viewer, input);
  const feed = (viewer: Viewer, waveId: string, seq: number, type: string, more: object = {}) =>
    feedWave(search, viewer, [waveId, seq, type], more);

  it('streams what waits, then a retuned tail after a skip, and each change of it once', async () => {
    const bob = aViewer();
    await react(search, bob, library[0]!.trackId, 'LIKE');
    await react(search, bob, library[1]!.trackId, 'LIKE');
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
    await react(search, carol, library[3]!.trackId, 'LIKE');
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

  it('is answered in the language that the listener reads', async () => {
    const viewer = aViewer();
    await react(search, viewer, library[0]!.trackId, 'LIKE');
    const { id, items } = await start(viewer, { exploration: 0 });
    const skipped = library.find(({ trackId }) => trackId === items[0]!.track.id)!.title;
    await feed(viewer, id, 1, 'SKIPPED', { positionMs: 4_000 });
    const whyIn = async (acceptLanguage: string) => {
      const caller = { ...aCaller(viewer), acceptLanguage };
      const variables = { waveId: id, sinceSeq: 5 };
      const stream = search.subgraph.subscribe({ query: MY_WAVE, variables }, caller);
      const told = await take(stream, 2);
      return told.map((update) => (update as { data: { myWave: { why: string } } }).data.myWave.why);
    };
    expect((await whyIn('en'))[0]).toBe(`You skipped “${skipped}”: less of what is like “Track 0”.`);
    expect((await whyIn('ru'))[0]).toBe(
      `Пропущено: «${skipped}». Меньше будет того, что звучит как «Track 0».`,
    );
    await forgetTitles(search.db, [{ id: library[0]!.trackId, title: 'Track 0' }]);
    expect((await whyIn('ru'))[0]).toContain('Меньше будет того, что звучит как «something that is gone».');
    // what an older release has written has its words only
    await search.db.$executeRaw`UPDATE wave_log SET told = NULL WHERE wave_id = ${id}`;
    await search.db.$executeRaw`UPDATE wave_log SET why = 'You skipped it' WHERE wave_id = ${id}`;
    expect((await whyIn('ru'))[0]).toBe('You skipped it');
  });

  it('counts an event once, however often it is sent', async () => {
    const dave = aViewer();
    await react(search, dave, library[0]!.trackId, 'LIKE');
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

  it('counts what became of an item once, by whatever events, though a retune has removed it', async () => {
    const viewer = aViewer();
    await react(search, viewer, library[0]!.trackId, 'LIKE');
    const { id, items } = await start(viewer, { exploration: 0 });
    await feed(viewer, id, 1, 'SKIPPED', { positionMs: 1_000 });
    const removed = items[2]!;
    const counted = async () => ({
      told: await search.db.waveFeedback.count({ where: { waveId: id } }),
      signals: await search.db.tasteSignal.count({ where: { userId: viewer.userId } }),
      retuned: await search.db.waveLog.count({ where: { waveId: id, kind: 'RETUNED' } }),
    });
    for (const type of ['SKIPPED', 'LIKED', 'DISLIKED', 'NOT_NOW', 'BLOCK_ARTIST']) {
      expect(await feed(viewer, id, removed.seq, type)).toEqual({ ok: true, errors: [] });
      const once = await counted();
      for (let time = 0; time < 2; time++)
        expect(await feed(viewer, id, removed.seq, type)).toEqual({ ok: true, errors: [] });
      expect([type, await counted()]).toEqual([type, once]);
    }
    const { told } = await counted();
    // the dislike has undone it
    await feed(viewer, id, removed.seq, 'LIKED');
    await feed(viewer, id, removed.seq, 'REPLAYED');
    await feed(viewer, id, removed.seq, 'REPLAYED');
    await feed(viewer, id, removed.seq, 'FINISHED');
    expect((await counted()).told).toBe(told + 3);
  });

  it('says which field of a feedback is wrong', async () => {
    const viewer = aViewer();
    const { id } = await start(viewer);
    const code = 'BAD_USER_INPUT';
    expect(await feed(viewer, id, 1, 'SKIPPED', { positionMs: -5 })).toMatchObject({
      ok: false,
      errors: [{ code, path: ['positionMs'] }],
    });
    for (const clientEventId of ['', 'x'.repeat(201)]) {
      expect(await feed(viewer, id, 1, 'SKIPPED', { clientEventId })).toMatchObject({
        errors: [{ code, path: ['clientEventId'] }],
      });
    }
  });

  it('begins from nothing by an artist that was blocked, as it goes on', async () => {
    const viewer = aViewer();
    const { id, items } = await start(viewer);
    const { artistId } = library.find(({ trackId }) => trackId === items[0]!.track.id)!;
    const anchored = async () => {
      const { state } = await search.db.wave.findUniqueOrThrow({ where: { id } });
      const ids = WaveState.parse(state).anchors.map(({ trackId }) => trackId);
      return library.filter((track) => ids.includes(track.trackId) && track.artistId === artistId).length;
    };
    await feed(viewer, id, 1, 'LIKED');
    expect(await anchored()).toBe(1);
    await feed(viewer, id, 1, 'BLOCK_ARTIST');
    expect(await anchored()).toBe(0);
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
