import { trackDeleted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import { signalMoved } from './move-processing.ts';
import { ownTrack } from './own-track.ts';

/** Takes a track away, with its jobs and what is known of it. Its objects follow: `removeTrackObjects`. */
export async function deleteTrack(deps: Deps, viewer: Viewer, rawId: string): Promise<string> {
  const { id, ownerId } = await ownTrack(deps, viewer, rawId);
  await deps.db.$transaction(async (tx) => {
    // jobs before their track, as everybody locks them
    await tx.$queryRaw`SELECT id FROM job WHERE track_id = ${id} ORDER BY id FOR UPDATE`;
    const { count } = await tx.track.deleteMany({ where: { id } });
    if (count === 0) return;
    const deleted = trackDeleted.data.parse({ trackId: id, ownerId });
    await tx.outbox.create({ data: outboxRow(trackDeleted, deleted) });
  });
  deps.wake();
  signalMoved(deps, id);
  return id;
}
