import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { watchStatements } from '@volna/platform/testing/statements';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aPlayableTrack } from './testing/stages.ts';
import { aWorker } from './testing/worker.ts';

const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const AUTHENTICITY = `authenticity { status estimate score model knownEngines chunks { index } error { code }
  review { appeal verdict reason } }`;
const TRACK = `query ($id: ID!) { track(id: $id) { id title ${AUTHENTICITY}
  audio { speechShare energyConfidence valenceConfidence moods { name confidence } }
  moderation moderationCase { state decision history { kind note } } } }`;
const LIST = `query ($filter: TrackFilter, $first: Int) { tracks(filter: $filter, first: $first) {
  edges { node { id ${AUTHENTICITY} } } } }`;
const mutation = (name: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) {
    ${name}(input: $input) { track { id ${AUTHENTICITY} } errors { code path } } }`;
const QUEUE = `{ moderationQueue { edges { node { track { id } } } } }`;

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => catalog[Symbol.asyncDispose]());

/** A track that listeners find, and of which the model says so. */
async function anAnalyzedTrack(status: 'LIKELY_HUMAN' | 'SUSPECTED' | 'UNKNOWN' = 'SUSPECTED') {
  const track = await aPlayableTrack(catalog);
  await aWorker(catalog).analyzed(track.analysis, {
    authenticity: {
      model: 'spoof-0',
      status,
      score: 0.9,
      knownEngines: ['a robot'],
      chunks: [{ index: 2, startSec: 8, endSec: 12, score: 0.9 }],
    },
  });
  await aWorker(catalog).indexed(track.trackId, true);
  return { ...track, owner: track.viewer };
}

const read = async (who: Viewer | null, id: string) => (await catalog.as(who)(TRACK, { id })).data.track;
const stated = (trackId: string) => catalog.recorder.of(trackUpdated, { trackId }).at(-1)?.isAiSuspected;

async function change(who: Viewer, name: string, input: object) {
  const { data, errors } = await catalog.as(who)(mutation(name), { input });
  expect(errors).toBeUndefined();
  await catalog.settle();
  return data[name];
}

const appeal = (who: Viewer, trackId: string, text = 'This is my own voice.') =>
  change(who, 'appealAuthenticity', { trackId, text });
const decide = (trackId: string, verdict: string, more: object = {}) =>
  change(admin, 'decideAuthenticity', { trackId, verdict, reason: 'We have listened.', ...more });
const refused = (code: string, path: string) => ({ track: null, errors: [{ code, path: [path] }] });

describe('authenticity', () => {
  it('shows everybody the status, and how it came about to the owner and an ADMIN', async () => {
    const { trackId, owner } = await anAnalyzedTrack();
    const whole = {
      status: 'SUSPECTED',
      estimate: 'SUSPECTED',
      score: 0.9,
      model: 'spoof-0',
      knownEngines: ['a robot'],
      chunks: [{ index: 2 }],
      error: null,
      review: null,
    };
    expect((await read(owner, trackId)).authenticity).toEqual(whole);
    expect((await read(admin, trackId)).authenticity).toEqual(whole);
    const bare = { estimate: null, score: null, model: null, knownEngines: [], chunks: [] };
    for (const stranger of [aViewer(), null])
      expect((await read(stranger, trackId)).authenticity).toMatchObject({ status: 'SUSPECTED', ...bare });
    expect(stated(trackId)).toBe(true);
  });

  it.each(['LIKELY_HUMAN', 'UNKNOWN'] as const)('suspects nothing that is %s', async (status) => {
    const { trackId } = await anAnalyzedTrack(status);
    expect((await read(null, trackId)).authenticity.status).toBe(status);
    expect(stated(trackId)).toBe(false);
  });

  it.each([
    ['NO_SPEECH', 'UNKNOWN'],
    ['SILENT', 'UNKNOWN'],
    ['ANALYSIS_FAILED', 'FAILED'],
  ])('of %s says %s and leaves the track whole', async (code, status) => {
    const { trackId, analysis, viewer } = await aPlayableTrack(catalog);
    const errors = [{ part: 'authenticity', code, message: 'why' }];
    await aWorker(catalog).analyzed(analysis, { authenticity: null, errors });
    await aWorker(catalog).indexed(trackId, true);
    const track = await read(viewer, trackId);
    expect(track.authenticity).toMatchObject({ status, score: null, chunks: [], error: { code } });
    expect(track.audio).toMatchObject({ speechShare: 0.25, moods: [{ name: 'dark', confidence: 0.4 }] });
    expect(stated(trackId)).toBe(false);
  });

  it('lists what is taken for synthetic, and everything else', async () => {
    const { trackId, artistId } = await anAnalyzedTrack();
    const ids = async (isAiSuspected: boolean) => {
      const filter = { isAiSuspected, artistId };
      const { data } = await catalog.as(null)(LIST, { filter });
      return data.tracks.edges.map(({ node }: { node: { id: string } }) => node.id);
    };
    expect([await ids(true), await ids(false)]).toEqual([[trackId], []]);
    await decide(trackId, 'CLEARED');
    expect([await ids(true), await ids(false)]).toEqual([[], [trackId]]);
  });
});

describe('an appeal', () => {
  it('stands in the queue of moderators until one decides, whose word counts', async () => {
    const { trackId, owner } = await anAnalyzedTrack();
    expect(await appeal(owner, trackId)).toMatchObject({ errors: [], track: { id: trackId } });
    const queue = (await catalog.as(admin)(QUEUE)).data.moderationQueue.edges;
    expect(queue).toContainEqual({ node: { track: { id: trackId } } });

    const { track } = await decide(trackId, 'CLEARED', { note: 'a laugh in the middle' });
    expect(track.authenticity).toMatchObject({
      status: 'LIKELY_HUMAN',
      estimate: 'SUSPECTED',
      review: { appeal: 'This is my own voice.', verdict: 'CLEARED', reason: 'We have listened.' },
    });
    expect(stated(trackId)).toBe(false);
    expect((await read(aViewer(), trackId)).authenticity).toMatchObject({
      status: 'LIKELY_HUMAN',
      review: null,
    });
    expect((await read(admin, trackId)).moderationCase).toEqual({
      state: 'CLOSED',
      decision: 'CLEAR',
      history: [
        { kind: 'AUTHENTICITY_APPEALED', note: 'This is my own voice.' },
        { kind: 'AUTHENTICITY_CLEARED', note: 'a laugh in the middle' },
      ],
    });
  });

  it("is the owner's, of what is suspected, and made once", async () => {
    const { trackId, owner } = await anAnalyzedTrack();
    for (const other of [aViewer(), admin])
      expect(await appeal(other, trackId)).toEqual(refused('NOT_FOUND', 'trackId'));
    expect(await appeal(owner, 'trk_1')).toEqual(refused('NOT_FOUND', 'trackId'));
    expect(await appeal(owner, trackId, 'No.')).toEqual(refused('BAD_USER_INPUT', 'text'));
    await appeal(owner, trackId);
    expect(await appeal(owner, trackId)).toEqual(refused('ALREADY_APPEALED', 'trackId'));
    const human = await anAnalyzedTrack('LIKELY_HUMAN');
    expect(await appeal(human.owner, human.trackId)).toEqual(refused('NOTHING_TO_APPEAL', 'trackId'));
  });

  it('joins a case that a report has opened, which a decision about it leaves open', async () => {
    const { trackId, owner } = await anAnalyzedTrack();
    const report = `mutation ($input: ReportContentInput!) { reportContent(input: $input) { ok } }`;
    await catalog.as(aViewer())(report, { input: { targetId: trackId, category: 'SPAM' } });
    await appeal(owner, trackId);
    await decide(trackId, 'CONFIRMED');
    const { moderationCase, moderation } = await read(admin, trackId);
    expect(moderationCase.history.map(({ kind }: { kind: string }) => kind)).toEqual([
      'REPORTED',
      'AUTHENTICITY_APPEALED',
      'AUTHENTICITY_CONFIRMED',
    ]);
    expect([moderationCase.state, moderation]).toEqual(['OPEN', 'CLEAR']);
  });
});

describe('a decision', () => {
  it('stays when the track is analysed again, and can be taken back', async () => {
    const { trackId, analysis } = await anAnalyzedTrack('LIKELY_HUMAN');
    await decide(trackId, 'CONFIRMED');
    expect([stated(trackId), (await read(null, trackId)).authenticity.status]).toEqual([true, 'SUSPECTED']);
    await catalog.db.job.updateMany({ where: { id: analysis.jobId }, data: { state: 'RUNNING' } });
    await aWorker(catalog).analyzed(analysis);
    expect(stated(trackId)).toBe(true);
    await decide(trackId, 'CLEARED');
    expect(stated(trackId)).toBe(false);
  });

  it("is an ADMIN's, says why, and is about a track that there is", async () => {
    const { trackId, owner } = await anAnalyzedTrack();
    const input = { trackId, verdict: 'CLEARED', reason: 'Mine.' };
    const { errors } = await catalog.as(owner)(mutation('decideAuthenticity'), { input });
    expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect(await decide(trackId, 'CLEARED', { reason: ' ' })).toEqual(refused('BAD_USER_INPUT', 'reason'));
    expect(await decide('trk_0', 'CLEARED')).toEqual(refused('NOT_FOUND', 'trackId'));
    expect(stated(trackId)).toBe(true);
  });

  it('is read with as many statements for four tracks as for one', async () => {
    await anAnalyzedTrack();
    const counts: number[] = [];
    for (const first of [1, 4]) {
      const filter = { isAiSuspected: true };
      using statements = watchStatements();
      const { data } = await catalog.as(admin)(LIST, { filter, first });
      expect(data.tracks.edges).toHaveLength(first);
      counts.push(
        statements.texts.filter((text) => /\b(track|track_sound|authenticity_review)\b/.test(text)).length,
      );
    }
    expect(counts[1]).toBe(counts[0]);
  });
});
