import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrackId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { ago, openPlayback, type Playback } from '../testing/open-playback.ts';

const HISTORY = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
  history { edges { node { playedMs heardMs isCounted completion } } } } } }`;

describe('a listening', () => {
  let playback: Playback;
  let track: TrackId;
  let viewer: Viewer;

  beforeAll(async () => {
    playback = await openPlayback();
    track = await playback.aTrack({ more: { durationMs: 180_000 } });
  });
  afterAll(() => playback[Symbol.asyncDispose]());

  /** The history of a new listener who has told these: what, how many seconds ago, and where in the track. */
  async function historyOf(...reports: readonly (readonly [string, number, number])[]) {
    viewer = aViewer();
    for (const [event, secondsAgo, second] of reports) {
      const more = { event, positionMs: second * 1_000, occurredAt: ago(secondsAgo) };
      // oxlint-disable-next-line no-await-in-loop -- in this order
      expect(await playback.report(viewer, track, more)).toEqual({ ok: true, errors: [] });
    }
    const of = [{ __typename: 'User', id: viewer.userId }];
    const { edges } = (await playback.as(viewer)(HISTORY, { of })).data._entities[0].history;
    return edges.map(({ node }: { node: object }) => node);
  }

  it('counts by what was heard, not by how far into the track that was', async () => {
    const late = await historyOf(['STARTED', 20, 160], ['FINISHED', 0, 180]);
    expect(late).toMatchObject([{ playedMs: 180_000, isCounted: false }]);
    const enough = await historyOf(['STARTED', 40, 140], ['FINISHED', 0, 180]);
    expect(enough).toMatchObject([{ playedMs: 180_000, isCounted: true }]);
  });

  it('is not heard where the listener leaps on', async () => {
    const leapt = await historyOf(['STARTED', 10, 0], ['PROGRESS', 9, 100], ['FINISHED', 0, 180]);
    expect(leapt).toMatchObject([{ playedMs: 180_000, isCounted: false }]);
    expect(leapt[0].heardMs).toBeLessThan(13_000);
    expect(leapt[0].completion).toBeCloseTo(leapt[0].heardMs / 180_000);
  });

  it('has only one end, whatever its player says after that', async () => {
    const once = await historyOf(
      ['STARTED', 200, 0],
      ['FINISHED', 20, 180],
      ['SKIPPED', 19.9, 180],
      ['PROGRESS', 21, 179],
      ['PROGRESS', 19.8, 180],
    );
    expect(once).toMatchObject([{ playedMs: 180_000, isCounted: true }]);
  });

  it('begins once more without a start, where there was time for it', async () => {
    const twice = await historyOf(['STARTED', 400, 0], ['FINISHED', 220, 180], ['FINISHED', 30, 180]);
    expect(twice).toMatchObject([{ isCounted: true }, { isCounted: true }]);
  });

  it('takes what was told late for what was going on then', async () => {
    const both = await historyOf(
      ['STARTED', 20, 0],
      ['STARTED', 300, 0],
      ['SKIPPED', 295, 5],
      ['PROGRESS', 5, 15],
    );
    expect(both).toMatchObject([{ playedMs: 15_000 }, { playedMs: 5_000 }]);
  });

  it('goes on by a clock that is slow', async () => {
    const slow = await historyOf(['STARTED', 0, 0], ['PROGRESS', 60, 10]);
    expect(slow).toHaveLength(1);
  });
});
