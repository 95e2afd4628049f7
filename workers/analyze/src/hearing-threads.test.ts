import { setImmediate } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { openHearingThreads } from './hearing-threads.ts';
import { clicks, sample, writePcm } from './testing/signals.ts';
import { MODELS_DIRECTORY, modelsOf } from './testing/site.ts';

const SETTINGS = { models: modelsOf(MODELS_DIRECTORY), threads: 1 };

/** A track of some seconds, and a way to have it heard. */
async function openSite(idleMs?: number) {
  await using opening = new AsyncDisposableStack();
  const scratch = opening.use(await openScratch());
  const threads = opening.use(openHearingThreads(SETTINGS, idleMs));
  const pcmFile = await writePcm(scratch.path('pcm'), sample(12, clicks(120)));
  let heard = 0;
  const hear = (file = pcmFile, stop = new AbortController(), onShare: (share: number) => void = () => {}) =>
    threads.hear(
      {
        pcmFile: file,
        segmentsFile: scratch.path(`segments-${heard}`),
        landmarksFile: scratch.path(`landmarks-${heard}`),
        chromaFile: scratch.path(`chroma-${heard++}`),
        peaksPerSecond: 30,
      },
      stop.signal,
      onShare,
    );
  const opened = opening.move();
  return { threads, hear, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

describe('openHearingThreads', () => {
  it('keeps a thread for the next track, which sounds the same on it', async () => {
    await using site = await openSite();
    const first = await site.hear();
    expect(await site.hear()).toEqual(first);
    expect(first.faults).toEqual([]);
    expect(site.threads.count).toBe(1);
  });

  it('hears as many tracks at a time as it is given', async () => {
    await using site = await openSite();
    const [one, other] = await Promise.all([site.hear(), site.hear()]);
    expect(one).toEqual(other);
    expect(site.threads.count).toBe(2);
  });

  it('ends a thread that has nothing to do', async () => {
    await using site = await openSite(0);
    await site.hear();
    while (site.threads.count > 0) await setImmediate();
    expect((await site.hear()).faults).toEqual([]);
  });

  it('loses no more than one track with a thread that fails', async () => {
    await using site = await openSite();
    await expect(site.hear('/nowhere')).rejects.toThrow('ENOENT');
    expect(site.threads.count).toBe(0);
    expect((await site.hear()).faults).toEqual([]);
  });

  it('leaves off with the signal and hears the next track', async () => {
    await using site = await openSite();
    const stop = new AbortController();
    const shares: number[] = [];
    const hearing = site.hear(undefined, stop, (share) => {
      shares.push(share);
      stop.abort(new Error('told to stop'));
    });
    await expect(hearing).rejects.toThrow('told to stop');
    expect(Math.max(...shares)).toBeLessThan(1);
    expect((await site.hear()).faults).toEqual([]);
    expect(site.threads.count).toBe(1);
  });

  it('does not begin once the signal is given', async () => {
    await using site = await openSite();
    const stop = new AbortController();
    stop.abort(new Error('told to stop'));
    await expect(site.hear(undefined, stop)).rejects.toThrow('told to stop');
    expect(site.threads.count).toBe(0);
  });
});
