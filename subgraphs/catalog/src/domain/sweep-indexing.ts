import type { Deps } from '../context.ts';
import { describeTrack } from './describe-track.ts';
import { publishTrack } from './make-track-ready.ts';
import { signalMoved } from './move-processing.ts';

const PATIENCE_SECONDS = 60;
const NOTE = 'the index has not answered yet: search may find the track later';

/** Opens tracks that the index has kept waiting: they play, and what they are is stated once more. */
export async function sweepIndexing(deps: Deps): Promise<void> {
  const waiting = await deps.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM track
    WHERE stage = 'INDEXING' AND status = 'PROCESSING'
      AND stage_at < now() - ${PATIENCE_SECONDS} * interval '1 second'
    ORDER BY stage_at LIMIT 100`;
  for (const { id } of waiting) {
    const isOpened = await deps.db.$transaction(async (tx) => {
      const isReady = await publishTrack(tx, id, NOTE);
      if (isReady) await describeTrack(tx, id);
      return isReady;
    });
    if (isOpened) signalMoved(deps, id);
  }
  if (waiting.length > 0) deps.wake();
}
