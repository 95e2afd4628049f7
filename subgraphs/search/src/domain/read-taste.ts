import type { Transaction } from '../database.ts';
import type { AnchorState } from '../wave/state.ts';
import { ANCHOR_WEIGHT } from './note-reaction.ts';

const HALF = 32;

/**
 * What a wave of this user begins from: their latest anchors, and as many drawn from all of them. A merged track stands
 * for its target, a closed one for nothing.
 */
export async function readTaste(tx: Transaction, userId: string, randomSeed: number): Promise<AnchorState[]> {
  const rows = await tx.$queryRaw<{ trackId: string; source: 'LIKED' | 'FINISHED'; weight: number }[]>`
    WITH taste AS (
      SELECT t.id AS track_id, max(a.source) AS source, max(a.weight) AS weight, max(a.at) AS at
      FROM taste_anchor a JOIN indexed_track said ON said.id = a.track_id
      JOIN indexed_track t ON t.id = coalesce(said.merged_into_id, said.id)
      WHERE a.user_id = ${userId} AND t.is_open
      GROUP BY t.id
    )
    SELECT track_id AS "trackId", source, weight FROM (
      SELECT a.*, row_number() OVER (ORDER BY a.at DESC, a.track_id) AS latest,
        row_number() OVER (ORDER BY md5(a.track_id || ${String(randomSeed)})) AS drawn
      FROM taste a
    ) anchors
    WHERE latest <= ${HALF} OR drawn <= ${HALF}
    ORDER BY track_id`;
  return rows.map((row) => ({ ...row, base: ANCHOR_WEIGHT[row.source] }));
}
