import type { DataOf, playlistTracksAdded } from '@volna/events';

import type { Transaction } from '../database.ts';
import { ANCHOR_WEIGHT } from './note-reaction.ts';
import { noteSignals } from './note-signal.ts';

/** Learns what somebody has put on a playlist: it is to their taste, unless they say otherwise. */
export async function noteAdded(
  tx: Transaction,
  { playlistId, userId, trackIds, at }: DataOf<typeof playlistTracksAdded>,
): Promise<void> {
  const [added, when] = [[...new Set(trackIds)], new Date(at)];
  await noteSignals(
    tx,
    added.map((trackId) => ({
      id: `added:${userId}:${playlistId}:${trackId}:${at}`,
      userId,
      trackId,
      kind: 'ADDED',
      source: 'ORGANIC',
      at: when,
    })),
  );
  // what was heard out only says more now; what is liked says more already
  await tx.$executeRaw`
    INSERT INTO taste_anchor (user_id, track_id, source, weight, at)
    SELECT ${userId}, added.id, 'ADDED', ${ANCHOR_WEIGHT.ADDED}, ${when}
    FROM unnest(${added}::text[]) AS added(id)
    WHERE NOT EXISTS (
      SELECT FROM reaction r
      WHERE r.user_id = ${userId} AND r.track_id = added.id AND r.reaction = 'DISLIKE')
    ON CONFLICT (user_id, track_id) DO UPDATE SET source = excluded.source, at = excluded.at
    WHERE taste_anchor.source = 'FINISHED'`;
}
