import type { DataOf, playbackReported } from '@volna/events';

/** What was heard for so long counts as played, and half of a track that is shorter. */
const COUNTS_FROM_MS = 30_000;

type Report = Pick<DataOf<typeof playbackReported>, 'event' | 'listening' | 'positionMs' | 'durationMs'>;

/** Whether a listening that counts has ended. A finished one of an earlier release, which does not say what was heard, counts. */
export function isEndOfPlay({ event, listening, positionMs, durationMs }: Report): boolean {
  if (event !== 'FINISHED' && event !== 'SKIPPED') return false;
  const heardMs = listening?.heardMs ?? (event === 'FINISHED' ? Infinity : positionMs);
  return heardMs > 0 && heardMs >= Math.min(COUNTS_FROM_MS, (durationMs ?? Infinity) / 2);
}
