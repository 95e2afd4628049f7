import { newId } from '@volna/events';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';

import { analyze } from '../analyze.ts';
import type { TellLabels } from '../heads/heads.ts';
import { type HearingThreads, openHearingThreads } from '../hearing-threads.ts';
import type { VoiceCache } from '../voice-cache.ts';
import { progression, type Signal, writePcm } from './signals.ts';
import { MODELS_DIRECTORY, modelsOf } from './site.ts';

/** Four chords, two a second. */
export const song: Signal = progression(
  [
    [57, 60, 64],
    [53, 57, 60],
    [60, 64, 67],
    [55, 59, 62],
  ],
  0.5,
);

export type Site = Awaited<ReturnType<typeof openSite>>;

interface Options {
  readonly heardBy?: HearingThreads;
  readonly voices?: VoiceCache;
  readonly tellLabels?: TellLabels;
  /** Only searched by. */
  readonly isClip?: boolean;
}

/** Where sounds are analysed: a store, a thread that hears and a folder. */
export async function openSite() {
  await using opening = new AsyncDisposableStack();
  const scratch = opening.use(await openScratch());
  const store = { directory: scratch.path('store'), signingKey: 'a key of the tests' };
  const objects = opening.use(await DirectoryObjects.open(store));
  const threads = opening.use(openHearingThreads({ models: modelsOf(MODELS_DIRECTORY), threads: 1 }));
  const opened = opening.move();
  return {
    scratch,
    objects,
    threads,
    /** What is found in a sound, and the shares of the work that were reported. */
    async analyze(
      samples: Float32Array,
      { heardBy = threads, voices, tellLabels, isClip = false }: Options = {},
    ) {
      const pcmKey = 'tracks/one/1/pcm.f32';
      await objects.putFile(pcmKey, await writePcm(scratch.path('pcm.f32'), samples));
      const shares: number[] = [];
      const trackId = isClip ? null : newId('Track');
      const order = { jobId: newId('Job'), attempt: 1, trackId, pcmKey, genreHint: 'Rock' };
      const signal = new AbortController().signal;
      const report = (_stage: string, share: number) => void shares.push(share);
      const deps = { objects, threads: heardBy, voices, tellLabels };
      return { ...(await analyze(deps, order, { signal, report })), shares };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
