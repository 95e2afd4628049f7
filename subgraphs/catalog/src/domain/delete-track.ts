import { trackDeleted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { signalMoved } from './move-processing.ts';
import { ownTrack } from './own-track.ts';
import { lockOpenness, settleOpenness } from './settle-openness.ts';

/** Takes a track away, with its jobs and what is known of it. Its objects follow: `removeTrackObjects`. */
export async function deleteTrack(deps: Deps, viewer: Viewer, rawId: string): Promise<string> {
  const { id } = await ownTrack(deps, viewer, rawId);
  await deps.db.$transaction((tx) => removeTracks(tx, [id]));
  deps.wake();
  signalMoved(deps, id);
  return id;
}

/** Removes the rows of tracks and says so; those that were merged into them are tracks of their own again. */
export async function removeTracks(tx: Transaction, ids: readonly string[]): Promise<void> {
  const ofThese = { id: { in: [...ids] } };
  // jobs before their track, as everybody locks them
  await tx.$executeRaw`SELECT id FROM job WHERE track_id = ANY(${ids}::text[]) ORDER BY id FOR UPDATE`;
  await lockOpenness(tx, ids);
  const copies = await tx.track.findMany({
    where: { mergedIntoId: ofThese.id, NOT: ofThese },
    select: { id: true },
  });
  const gone = await tx.track.findMany({ where: ofThese, select: { id: true, ownerId: true } });
  await tx.track.deleteMany({ where: ofThese });
  await tx.outbox.createMany({
    data: gone.map(({ id, ownerId }) =>
      outboxRow(trackDeleted, trackDeleted.data.parse({ trackId: id, ownerId })),
    ),
  });
  // the foreign key has undone their merger
  await settleOpenness(
    tx,
    copies.map(({ id }) => id),
  );
}
