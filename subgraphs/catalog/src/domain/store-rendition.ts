import type { DataOf, renditionStored } from '@volna/events';

import type { Deps } from '../context.ts';
import { signalMoved } from './move-processing.ts';
import { statePlayable } from './state-playable.ts';

/** Lets a track be played while its try goes on: by its owner, since it is open to nobody else before it is READY. */
export async function storeRendition(
  deps: Deps,
  { jobId, attempt, ...media }: DataOf<typeof renditionStored>,
): Promise<void> {
  const trackId = await deps.db.$transaction(async (tx) => {
    // held, so that what the try ends with is stated behind this, or this not at all
    await tx.$queryRaw`SELECT id FROM job WHERE id = ${jobId} FOR UPDATE`;
    const job = await tx.job.findFirst({ where: { id: jobId, attempt, state: 'RUNNING' } });
    const track = job?.trackId ? await tx.track.findUnique({ where: { id: job.trackId } }) : null;
    if (!job || !track) return null;
    const upload = await tx.upload.findUniqueOrThrow({ where: { id: job.uploadId } });
    await statePlayable(tx, track, upload, { ...media, isGrowing: true });
    return track.id;
  });
  if (!trackId) return;
  deps.wake();
  signalMoved(deps, trackId);
}
