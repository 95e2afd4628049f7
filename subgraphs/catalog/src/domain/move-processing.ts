import { TrackId, trackProcessingMoved } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { Track } from '../models.ts';

/** Share of the whole way, in percent, at which each part of it begins. */
export const ANALYSIS_AT = 70;
export const INDEXING_AT = 95;

export interface Move {
  readonly stage: Track['stage'];
  /** Percent of the whole way. */
  readonly progress: number;
  readonly message?: string | null | undefined;
}

/** Moves a track that is PROCESSING forward; false where that is no move. Stage and progress never fall. */
export async function moveProcessing(
  tx: Pick<Transaction, '$executeRaw'>,
  trackId: string,
  { stage, progress: exact, message = null }: Move,
): Promise<boolean> {
  const progress = Math.round(exact * 10) / 10;
  const count = await tx.$executeRaw`
    UPDATE track SET
      stage_at = CASE WHEN stage < ${stage}::processing_stage THEN now() ELSE stage_at END,
      stage = greatest(stage, ${stage}::processing_stage),
      progress = greatest(progress, ${progress}),
      message = ${message},
      seq = seq + 1
    WHERE id = ${trackId} AND status = 'PROCESSING'
      AND (stage < ${stage}::processing_stage OR stage = ${stage}::processing_stage AND progress < ${progress})`;
  return count > 0;
}

/** Tells whoever watches a track to read its row again. Call it after the commit. */
export function signalMoved({ bus }: Deps, trackId: string | null): void {
  if (trackId) bus.signal(trackProcessingMoved, { trackId: TrackId.parse(trackId) });
}
