import { setTimeout as pause } from 'node:timers/promises';

import { TrackProcessingDocument } from '@volna/gateway/client';

import type { Random } from '../demo/random.ts';
import type { Site } from './site.ts';

const LONGEST_MS = 3_000;
const PAUSE_MS = 200;

export interface Watched {
  readonly status: string;
  readonly disconnects: number;
}

/** Watches a track as a client does whose network comes and goes, until it has seen how its processing ends. */
export async function watchFickly(
  { owner: { api } }: Site,
  trackId: string,
  random: Random,
): Promise<Watched> {
  let sinceSeq = 0;
  for (let disconnects = 0; ; disconnects++) {
    const events = api.watch(TrackProcessingDocument, { trackId, sinceSeq });
    const leaving = setTimeout(() => void events.return?.(), random() * LONGEST_MS);
    try {
      for await (const { trackProcessing } of events) {
        const { status, seq } = trackProcessing;
        sinceSeq = Math.max(sinceSeq, seq);
        if (status !== 'PROCESSING') return { status, disconnects };
      }
    } catch {
      // the system is away: another reason to come again
    } finally {
      clearTimeout(leaving);
    }
    await pause(PAUSE_MS);
  }
}
