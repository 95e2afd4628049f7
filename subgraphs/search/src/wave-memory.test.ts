import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subscribeAs } from '@volna/platform/testing/subgraph-client';

import { rebuildState } from './domain/rebuild-state.ts';
import { rebuildLostTastes } from './domain/rebuild-tastes.ts';
import { MY_WAVE, PREVIEW, SHAKE, TUNE, WHY, RunningWaves } from './testing/running-waves.ts';
import { WaveState } from './wave/state.ts';

describe('what a wave remembers', () => {
  let waves: RunningWaves;

  beforeAll(async () => {
    waves = await RunningWaves.open();
  });

  afterAll(() => waves[Symbol.asyncDispose]());

  it('says why, by what was written down', async () => {
    const viewer = await waves.aFan(0);
    const { id, items } = await waves.start(viewer, { exploration: 0 });
    const [first] = items;
    const { whyRecommended } = await waves.ask(viewer, WHY, { waveId: id, seq: 1 });
    const sum = whyRecommended.terms.reduce(
      (total: number, { value }: { value: number }) => total + value,
      0,
    );
    expect(sum).toBeCloseTo(first!.score, 5);
    expect(whyRecommended).toMatchObject({
      reason: { text: 'Because you like “Track 0”.' },
      anchor: { id: waves.library[0]!.trackId },
      sharedTraits: ['ambient', 'slow music', 'quiet music'],
      relaxed: [],
    });
    expect(items[1]).toMatchObject({
      transition: { tempo: 'SAME', key: 'SAME', gainDb: 0, crossfadeMs: 6_000 },
    });
  });

  it('takes feedback with its batch and its time', async () => {
    const viewer = await waves.aFan(0);
    const { id, items } = await waves.start(viewer);
    const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
    expect(
      await waves.feed(viewer, id, 1, 'REPLAYED', { batchId: items[0]!.batchId, occurredAt }),
    ).toMatchObject({
      ok: true,
    });
    expect(
      await waves.search.db.tasteSignal.findFirst({ where: { userId: viewer.userId, kind: 'REPLAYED' } }),
    ).toMatchObject({
      at: new Date(occurredAt),
      source: 'WAVE',
    });
    const wrong = await waves.feed(viewer, id, 1, 'FINISHED', { batchId: 'another' });
    expect(wrong.errors).toEqual([{ code: 'NOT_FOUND', path: ['batchId'] }]);
    for (const at of ['2099-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z']) {
      const refused = await waves.feed(viewer, id, 1, 'FINISHED', { occurredAt: at });
      expect(refused.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['occurredAt'] }]);
    }
  });

  it('counts skips of somebody who looks for something once', async () => {
    const viewer = await waves.aFan(0);
    const { id } = await waves.start(viewer, { exploration: 0 });
    const weight = async () =>
      WaveState.parse((await waves.search.db.wave.findUniqueOrThrow({ where: { id } })).state).anchors.find(
        ({ trackId }) => trackId === waves.library[0]!.trackId,
      )!.weight;
    const before = await weight();
    for (let skip = 0; skip < 4; skip++) {
      const [item] = await waves.queue(id);
      await waves.feed(viewer, id, item!.seq, 'STARTED');
      await waves.feed(viewer, id, item!.seq, 'SKIPPED', { positionMs: 2_000 });
    }
    expect((await weight()) / before).toBeCloseTo(0.6, 1);
  });

  it('is made again from what it was told: the same state and the same next picks', async () => {
    const viewer = await waves.aFan(0, 1, 2);
    const { id } = await waves.start(viewer, { exploration: 0.2 });
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
      const [item] = await waves.queue(id);
      await waves.feed(viewer, id, item!.seq, type, type === 'SKIPPED' ? { positionMs: 3_000 } : {});
    }
    await waves.ask(viewer, SHAKE, { waveId: id });
    await waves.ask(viewer, TUNE, { waveId: id, input: { energyCurve: 'RISE' } });
    const wave = await waves.search.db.wave.findUniqueOrThrow({ where: { id } });
    const known = WaveState.parse(wave.state);
    const rebuilt = await waves.search.db.$transaction((tx) => rebuildState(tx, wave));
    expect(toPlain(rebuilt)).toEqual(toPlain(known));
    // a state that is lost is not missed
    await waves.search.db.wave.update({ where: { id }, data: { state: {} } });
    const [item] = await waves.queue(id);
    await waves.feed(viewer, id, item!.seq, 'FINISHED');
    const after = WaveState.parse((await waves.search.db.wave.findUniqueOrThrow({ where: { id } })).state);
    expect(after.anchors.map(({ trackId }) => trackId)).toEqual(
      expect.arrayContaining(known.anchors.map(({ trackId }) => trackId)),
    );
  });

  it('knows a taste again from its log alone: the same picks', async () => {
    const viewer = await waves.aFan(0, 1, 2);
    const { id } = await waves.start(viewer, { exploration: 0 });
    for (const type of ['FINISHED', 'SKIPPED', 'LIKED', 'DISLIKED', 'REPLAYED']) {
      const [item] = await waves.queue(id);
      await waves.feed(viewer, id, item!.seq, type, { positionMs: 30_000 });
    }
    const look = async () => (await waves.ask(viewer, PREVIEW, { first: 20, randomSeed: 5 })).myWave.items;
    const before = await look();
    await waves.search.db.$transaction([
      waves.search.db.reaction.deleteMany(),
      waves.search.db.listen.deleteMany(),
      waves.search.db.tasteAnchor.deleteMany(),
    ]);
    expect(await look()).not.toEqual(before);
    await rebuildLostTastes(waves.search.db);
    expect(await look()).toEqual(before);
  });

  it('gives each item exactly once, however often the listener leaves and comes back', async () => {
    const viewer = await waves.aFan(0, 3);
    const { id } = await waves.start(viewer);
    const [seen, removed]: [number[], Set<number>] = [[], new Set()];
    for (let round = 0; round < 8; round++) {
      const sinceSeq = Math.max(0, ...seen);
      const stream = subscribeAs(waves.search.subgraph, viewer, MY_WAVE, { waveId: id, sinceSeq });
      const waiting = await waves.queue(id);
      const last = waiting.at(-1)!.seq;
      for await (const { data } of stream) {
        const update = data.myWave;
        for (const { seq } of update.items ?? []) seen.push(seq);
        for (const seq of update.removedSeqs ?? []) removed.add(seq);
        if (last <= Math.max(sinceSeq, ...seen)) break;
      }
      // while nobody looks
      const type = ['FINISHED', 'SKIPPED', 'LIKED', 'NOT_NOW'][round % 4]!;
      await waves.feed(viewer, id, waiting[0]!.seq, type);
    }
    expect(seen).toEqual([...new Set(seen)]);
    const rows = await waves.search.db.waveItem.findMany({
      where: { waveId: id, seq: { lte: Math.max(...seen) } },
    });
    const unseen = rows.filter(({ seq }) => !seen.includes(seq));
    expect(unseen.filter(({ state }) => state !== 'REMOVED')).toEqual([]);
    const taken = rows.filter(({ seq, state }) => state === 'REMOVED' && seq < Math.min(...seen.slice(-5)));
    const told = taken.filter(({ seq }) => seen.includes(seq)).map(({ seq }) => seq);
    expect([...removed]).toEqual(expect.arrayContaining(told));
  });
});

/** Numbers as far as a database and a sum in another order keep them. */
function toPlain(state: WaveState): unknown {
  return JSON.parse(JSON.stringify(state), (_key, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(9)) : value,
  );
}
