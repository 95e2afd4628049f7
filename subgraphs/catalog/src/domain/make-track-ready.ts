import type { DataOf, trackIndexed } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { signalMoved } from './move-processing.ts';
import { lockOpenness, settleOpenness } from './settle-openness.ts';

/**
 * Ends the processing of a track once it can be found: by its vector where it has one, else by its words. Only
 * the first delivery finds it INDEXING.
 */
export async function makeTrackReady(
  deps: Deps,
  { trackId, vector }: DataOf<typeof trackIndexed>,
): Promise<void> {
  const isOpened = await deps.db.$transaction(async (tx) => {
    const track = await tx.track.findFirst({
      where: {
        id: trackId,
        status: 'PROCESSING',
        stage: 'INDEXING',
        ...(vector ? {} : { embeddingModel: null }),
      },
      select: { id: true },
    });
    return track !== null && publishTrack(tx, track.id, null);
  });
  if (!isOpened) return;
  deps.wake();
  signalMoved(deps, trackId);
}

/** READY and DONE, for a track that is INDEXING, and open unless something else speaks against it; true for the one call that makes it so. */
export async function publishTrack(tx: Transaction, id: string, message: string | null): Promise<boolean> {
  await lockOpenness(tx, [id]);
  const { count } = await tx.track.updateMany({
    where: { id, status: 'PROCESSING', stage: 'INDEXING' },
    data: { status: 'READY', stage: 'DONE', progress: 100, message, seq: { increment: 1 } },
  });
  if (count === 0) return false;
  await settleOpenness(tx, [id]);
  return true;
}
