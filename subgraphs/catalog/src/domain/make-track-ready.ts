import { type DataOf, type trackIndexed, trackPublished } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { signalMoved } from './move-processing.ts';

/**
 * Opens a track to listeners once it can be found: by its vector where it has one, else by its words. Only
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

/** READY and DONE, for a track that is INDEXING; true for the one call that makes it so. */
export async function publishTrack(tx: Transaction, id: string, message: string | null): Promise<boolean> {
  const [track] = await tx.track.updateManyAndReturn({
    where: { id, status: 'PROCESSING', stage: 'INDEXING' },
    data: { status: 'READY', stage: 'DONE', progress: 100, message, seq: { increment: 1 } },
  });
  if (!track) return false;
  const { ownerId, artistId } = track;
  const published = trackPublished.data.parse({ trackId: id, ownerId, artistId });
  await tx.outbox.create({ data: outboxRow(trackPublished, published) });
  return true;
}
