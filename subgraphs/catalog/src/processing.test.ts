import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackProcessingMoved } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aBegunTrack, makeReady } from './testing/stages.ts';
import { aWorker } from './testing/worker.ts';

const WATCH = /* GraphQL */ `
  subscription ($id: ID!, $since: Int) {
    trackProcessing(trackId: $id, sinceSeq: $since) {
      seq
      stage
      status
      progress
      message
      error {
        code
      }
      track {
        id
        genres {
          name
        }
      }
    }
  }
`;

let catalog: TestCatalog;
let worker: ReturnType<typeof aWorker>;

beforeAll(async () => {
  catalog = await openCatalog();
  worker = aWorker(catalog);
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

function watch(viewer: Viewer | null, id: string, since?: number) {
  const events = catalog.subscribeAs(viewer, WATCH, { id, since });
  return {
    /** The next event, or undefined at the end. */
    next: async () => {
      const { value, done } = await events.next();
      return done ? undefined : (value.data?.trackProcessing ?? value.errors);
    },
    all: async () => {
      const seen = [];
      for await (const { data } of events) seen.push(data.trackProcessing);
      return seen;
    },
  };
}

describe('trackProcessing', () => {
  it('shows the present state, then each change, and ends with the last', async () => {
    const track = await aBegunTrack(catalog);
    const events = watch(track.viewer, track.trackId);
    expect(await events.next()).toMatchObject({ seq: 1, stage: 'QUEUED', status: 'PROCESSING', progress: 0 });

    await worker.progress(track.order, 'TRANSCODING', 0.50071);
    const half = await events.next();
    expect(half).toMatchObject({ seq: 2, stage: 'TRANSCODING', progress: 35, track: { genres: [] } });
    expect(half.message).toBe('Making the streams');

    const rest = events.all();
    await makeReady(catalog, track);
    const seen = [half, ...(await rest)];
    expect(seen.at(-1)).toMatchObject({ stage: 'DONE', status: 'READY', progress: 100, error: null });
    expect(seen.at(-1).track.genres).toEqual([{ name: 'Synthwave' }, { name: 'Electronic' }]);
    for (const field of ['seq', 'progress']) {
      const values = seen.map((event) => event[field]);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
    expect(new Set(seen.map(({ seq }) => seq)).size).toBe(seen.length);
  });

  it('ends with the reason of a failure', async () => {
    const { viewer, trackId, order } = await aBegunTrack(catalog);
    const events = watch(viewer, trackId).all();
    await worker.failed(order, 'NOT_AUDIO', false);

    expect((await events).at(-1)).toMatchObject({ status: 'FAILED', error: { code: 'NOT_AUDIO' } });
  });

  it('resumes after what was seen, and gives the last state in any case', async () => {
    const track = await aBegunTrack(catalog);
    await worker.progress(track.order, 'TRANSCODING', 0.5);
    const resumed = watch(track.viewer, track.trackId, 2);
    const next = resumed.next();
    await worker.progress(track.order, 'TRANSCODING', 0.6);
    expect(await next).toMatchObject({ seq: 3, progress: 42 });

    await makeReady(catalog, track);
    const [last, ...more] = await watch(track.viewer, track.trackId, 1_000_000).all();
    expect(last).toMatchObject({ status: 'READY' });
    expect(more).toEqual([]);
  });

  it('learns of the end also when the hint of it is lost', async () => {
    const { viewer, trackId } = await aBegunTrack(catalog);
    const events = watch(viewer, trackId);
    await events.next();
    await catalog.db.track.update({
      where: { id: trackId },
      data: { status: 'FAILED', errorCode: 'LOST', seq: { increment: 1 } },
    });

    expect(await events.next()).toMatchObject({ status: 'FAILED', error: { code: 'LOST' } });
    expect(await events.next()).toBeUndefined();
  });

  it('takes hints of nothing new for nothing', async () => {
    const { viewer, trackId, order } = await aBegunTrack(catalog);
    const events = watch(viewer, trackId);
    await events.next();
    for (let count = 0; count < 20; count++) catalog.bus.signal(trackProcessingMoved, { trackId });
    await worker.progress(order, 'PROBING', 0.1);

    expect(await events.next()).toMatchObject({ seq: 2, stage: 'PROBING' });
  });

  it('ends when the track is deleted', async () => {
    const { viewer, trackId } = await aBegunTrack(catalog);
    const events = watch(viewer, trackId);
    await events.next();
    await catalog.db.track.delete({ where: { id: trackId } });

    expect(await events.next()).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('is there for the owner and an administrator', async () => {
    const { trackId } = await aBegunTrack(catalog);
    const admin = aViewer({ roles: ['USER', 'ADMIN'] });
    expect(await watch(admin, trackId).next()).toMatchObject({ seq: 1 });

    for (const viewer of [null, aViewer()]) {
      expect(await watch(viewer, trackId).next()).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
    expect(await watch(admin, newId('Track')).next()).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await watch(admin, '\u0000').next()).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('lets go of its listener as soon as nobody reads', async () => {
    const { viewer, trackId } = await aBegunTrack(catalog);
    const before = catalog.signals.watchers;
    const request = { query: WATCH, variables: { id: trackId } };
    const events = catalog.subgraph.subscribe(request, aCaller(viewer));
    await events.next();
    const pending = events.next();
    expect(catalog.signals.watchers).toBe(before + 1);
    await events.return?.();

    expect((await pending).done).toBe(true);
    expect(catalog.signals.watchers).toBe(before);
  });
});
