import { writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

import { renderTrack } from './render-track.ts';
import { SAMPLE_RATE } from './synth/signal.ts';
import { encodeWav } from './wav.ts';

export interface RenderJob {
  slug: string;
  wav: string;
}

export type RenderReply = { seconds: number } | { error: string };

/** The thread that does the playing: one job in, one reply out. */
parentPort?.on('message', ({ slug, wav }: RenderJob) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(work(slug, wav));
});

function work(slug: string, wav: string): RenderReply {
  try {
    const { pcm, seconds } = renderTrack(slug);
    writeFileSync(wav, encodeWav(pcm, SAMPLE_RATE));
    return { seconds };
  } catch (err) {
    return { error: err instanceof Error ? (err.stack ?? err.message) : String(err) };
  }
}
