import type { Transaction } from '../database.ts';
import type { AnchorState } from '../wave/state.ts';
import { ANCHOR_WEIGHT } from './note-reaction.ts';

const HALF = 32;

/** What a wave of this user begins from: their latest anchors, and as many drawn from all of them. */
export async function readTaste(tx: Transaction, userId: string, randomSeed: number): Promise<AnchorState[]> {
  const rows = await tx.$queryRaw<{ trackId: string; source: 'LIKED' | 'FINISHED'; weight: number }[]>`
    SELECT track_id AS "trackId", source, weight FROM (
      SELECT a.*, row_number() OVER (ORDER BY a.at DESC, a.track_id) AS latest,
        row_number() OVER (ORDER BY md5(a.track_id || ${String(randomSeed)})) AS drawn
      FROM taste_anchor a JOIN indexed_track t ON t.id = a.track_id
      WHERE a.user_id = ${userId}
    ) anchors
    WHERE latest <= ${HALF} OR drawn <= ${HALF}
    ORDER BY track_id`;
  return rows.map((row) => ({ ...row, base: ANCHOR_WEIGHT[row.source] }));
}
