import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyzeOrdered, decodeOrdered, trackDecoded, trackUpdated } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from '../testing/open-catalog.ts';
import { aReadyTrack } from '../testing/stages.ts';
import { aWorker } from '../testing/worker.ts';
import { advanceReanalysis } from './advance-reanalysis.ts';

const REANALYZE = `mutation ($input: ReanalyzeInput) { reanalyze(input: $input) {
  reanalysis { number status total done failed } errors { code } } }`;
const REANALYSIS = '{ reanalysis { number status total done failed endedAt } }';
const TRACKS = 6;
const NEW = { model: 'volna-2', vector: [0.8, 0.6], segmentsKey: null };

let catalog: TestCatalog;
let worker: ReturnType<typeof aWorker>;
let trackIds: string[];
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

beforeAll(async () => {
  catalog = await openCatalog();
  worker = aWorker(catalog);
  trackIds = [];
  for (let n = 0; n < TRACKS; n++) trackIds.push((await aReadyTrack(catalog)).trackId);
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const reanalyze = async (input?: object) =>
  (await catalog.as(admin)(REANALYZE, { input })).data.reanalyze.reanalysis;
const state = async () => (await catalog.as(admin)(REANALYSIS)).data.reanalysis;
const modelOf = async (id: string) =>
  (await catalog.db.track.findUniqueOrThrow({ where: { id } })).embeddingModel;

/** What waits for a worker, told to it by the next sweep. */
async function decodes(answered: ReadonlySet<string>) {
  await advanceReanalysis(catalog.deps);
  await catalog.settle();
  return catalog.recorder.of(decodeOrdered).filter(({ jobId }) => !answered.has(jobId));
}

describe('reanalyze', () => {
  it('is for administrators', async () => {
    const { errors } = await catalog.as(aViewer())(REANALYZE);
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect((await catalog.as(aViewer())(REANALYSIS)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect(await state()).toBeNull();
  });

  it('has all tracks decoded and analysed once more, a few at a time, and keeps what it cannot better', async () => {
    const begun = await reanalyze();
    expect(begun).toMatchObject({ status: 'RUNNING', total: TRACKS, done: 0, failed: 0 });
    expect((await reanalyze()).number).toBe(begun.number);
    const late = await aReadyTrack(catalog);

    const answered = new Set<string>();
    for (let orders = await decodes(answered); orders.length > 0; orders = await decodes(answered)) {
      expect(orders.length).toBeLessThanOrEqual(4);
      for (const order of orders) {
        const { jobId, attempt, outputPrefix, trackId } = order;
        answered.add(jobId);
        expect((await worker.claim(order)).granted).toBe(true);
        if (trackId === trackIds[1]) {
          await worker.failed(order, 'UNDECODABLE', false);
          continue;
        }
        const pcmKey = `${outputPrefix}/pcm.f32`;
        await catalog.objects.put(pcmKey, new Uint8Array(16));
        const told = catalog.recorder.of(analyzeOrdered, { trackId }).length;
        await catalog.bus.publish(trackDecoded, { jobId, attempt, pcmKey });
        await catalog.bus.publish(trackDecoded, { jobId, attempt, pcmKey });
        await catalog.settle();
        expect(catalog.recorder.of(analyzeOrdered, { trackId })).toHaveLength(told + 1);
        const analysis = worker.analyzeOrder(trackId);
        expect(analysis.pcmKey).toBe(pcmKey);
        await worker.claim(analysis);
        // of one the newer model could make nothing
        await worker.analyzed(analysis, { embedding: trackId === trackIds[2] ? null : NEW });
        expect(await catalog.objects.head(pcmKey)).toBeNull();
      }
    }

    expect(answered.size).toBe(TRACKS);
    expect(await state()).toMatchObject({ status: 'DONE', done: TRACKS - 1, failed: 1 });
    expect((await state()).endedAt).not.toBeNull();
    expect(await Promise.all(trackIds.map(modelOf))).toEqual([
      'volna-2',
      'volna-1',
      'volna-1',
      'volna-2',
      'volna-2',
      'volna-2',
    ]);
    expect(await modelOf(late.trackId)).toBe('volna-1');
    const rows = await catalog.db.track.findMany({ where: { id: { in: trackIds } } });
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['READY']));
    const last = catalog.recorder.of(trackUpdated, { trackId: trackIds[0]! }).at(-1);
    expect(last?.embedding).toEqual(NEW);
  });

  it('leaves out what has vectors of a model already', async () => {
    expect(await reanalyze({ exceptModel: 'volna-2' })).toMatchObject({ status: 'RUNNING', total: 3 });
    await advanceReanalysis(catalog.deps);
    await catalog.settle();
    const running = await catalog.db.job.findMany({ where: { kind: 'decode', state: 'QUEUED' } });
    expect(running.map(({ trackId }) => trackId)).not.toContain(trackIds[0]);
    expect(running).toHaveLength(3);
  });
});
