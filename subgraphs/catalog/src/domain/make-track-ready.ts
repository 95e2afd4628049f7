import type { DataOf, trackIndexed } from '@volna/events';

import type { Deps } from '../context.ts';
import { signalMoved } from './move-processing.ts';

/**
 * Opens a track to listeners once it can be found: by its vector where it has one, else by its words. Only
 * the first delivery finds it INDEXING.
 */
export async function makeTrackReady(deps: Deps, { trackId, vector }: DataOf<typeof trackIndexed>): Promise<void> {
  const count = await deps.db.$executeRaw`
    UPDATE track SET status = 'READY', stage = 'DONE', stage_at = now(), progress = 100, message = NULL, seq = seq + 1
    WHERE id = ${trackId} AND status = 'PROCESSING' AND stage = 'INDEXING' AND (${vector} OR embedding_model IS NULL)`;
  if (count > 0) signalMoved(deps, trackId);
}
