import type { Transaction } from '../database.ts';

/** Works out anew whether a track is taken for synthetic speech; whoever calls this describes the track afterwards. */
export async function settleSuspicion(tx: Transaction, trackId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE track SET is_ai_suspected = coalesce(
      (SELECT verdict = 'CONFIRMED' FROM authenticity_review WHERE track_id = track.id),
      (SELECT authenticity ->> 'status' = 'SUSPECTED' FROM track_sound WHERE track_id = track.id),
      false)
    WHERE id = ${trackId}`;
}
