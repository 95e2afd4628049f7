import type { Transaction } from '../database.ts';
import { tasteOf, type TasteRow } from '../taste/taste-sql.ts';
import type { AnchorState } from '../wave/state.ts';
import { ANCHOR_WEIGHT } from './note-reaction.ts';

const HALF = 32;
/** What is pinned speaks louder than anything else, whatever became of it in other waves. */
const PINNED_WEIGHT = 1.2;

/**
 * What a wave of this user begins from: what they have pinned, their latest anchors, and as many drawn from all of them. A
 * merged track stands for its target; a closed or forgotten one, and one of a blocked artist, for nothing.
 */
export async function readTaste(tx: Transaction, userId: string, randomSeed: number): Promise<AnchorState[]> {
  const rows = await tx.$queryRaw<Omit<TasteRow, 'at'>[]>`
    SELECT track_id AS "trackId", source, weight, is_pinned AS "isPinned" FROM (
      SELECT taste.*, row_number() OVER (ORDER BY taste.at DESC, taste.track_id) AS latest,
        row_number() OVER (ORDER BY md5(taste.track_id || ${String(randomSeed)})) AS drawn
      FROM (${tasteOf(userId)}) taste
    ) anchors
    WHERE is_pinned OR latest <= ${HALF} OR drawn <= ${HALF}
    ORDER BY track_id`;
  return rows.map(({ trackId, source, weight, isPinned }) => {
    // what was picked is liked, as far as anybody has asked
    const heard = source === 'FINISHED' ? 'FINISHED' : 'LIKED';
    const base = isPinned ? PINNED_WEIGHT : ANCHOR_WEIGHT[heard];
    const pinned = isPinned && { pinned: true };
    return { trackId, source: heard, base, weight: isPinned ? base : weight, ...pinned };
  });
}
