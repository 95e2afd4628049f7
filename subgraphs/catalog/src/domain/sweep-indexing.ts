import type { Deps } from '../context.ts';
import { describeTrack } from './describe-track.ts';
import { publishTrack } from './make-track-ready.ts';
import { signalMoved } from './move-processing.ts';

const PATIENCE_SECONDS = 60;
const NOTE = 'the index has not answered yet: search may find the track later';

/** Opens tracks that the index has kept waiting: they play, and what they are is stated once more. */
export async function sweepIndexing(deps: Deps): Promise<void> {
  const ready = await deps.db.$transaction(async (tx) => {
    const tracks = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM track
      WHERE stage = 'INDEXING' AND status = 'PROCESSING'
        AND stage_at < now() - ${PATIENCE_SECONDS} * interval '1 second'
      ORDER BY stage_at LIMIT 100 FOR UPDATE SKIP LOCKED`;
    for (const { id } of tracks) {
      await publishTrack(tx, id, NOTE);
      await describeTrack(tx, id);
    }
    return tracks;
  });
  if (ready.length > 0) deps.wake();
  for (const { id } of ready) signalMoved(deps, id);
}
