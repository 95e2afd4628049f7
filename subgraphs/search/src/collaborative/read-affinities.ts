import type { Database, Transaction } from '../database.ts';
import { MIN_SUPPORT } from './count-together.ts';

/** With fewer listeners who are fond of three tracks each, nothing is said of what listeners like. */
export const MIN_LISTENERS = 20;

/** How much listeners with the same taste are for a track. */
export interface Affinity {
  /** 0–1, comparable among the tracks of one answer. */
  readonly score: number;
  /** Of the anchors the one that speaks loudest for the track. */
  readonly anchorId: string;
  /** Listeners who are fond of both, `MIN_SUPPORT` at least. */
  readonly support: number;
}

/**
 * What listeners who are fond of these tracks like besides, by track id, in one statement; empty while there are fewer than
 * `MIN_LISTENERS`. Weights above 1 count as 1. Whether a track may be played is for the caller to see.
 */
export async function readAffinities(
  db: Pick<Database | Transaction, '$queryRaw'>,
  anchors: readonly { readonly trackId: string; readonly weight: number }[],
): Promise<Map<string, Affinity>> {
  const weights = new Map(anchors.map(({ trackId, weight }) => [trackId, Math.min(1, Math.max(0, weight))]));
  const rows = await db.$queryRaw<
    { anchorId: string; trackId: string; similarity: number; support: number }[]
  >`
    SELECT n.track_id AS "anchorId", n.other_id AS "trackId", n.similarity, n.support
    FROM collaborative_neighbour n
    WHERE n.track_id = ANY (${[...weights.keys()]}::text[]) AND n.support >= ${MIN_SUPPORT}
      AND (SELECT s.listeners FROM collaborative_state s) >= ${MIN_LISTENERS}
    ORDER BY n.track_id, n.other_id`;
  const found = new Map<string, Affinity & { readonly loudest: number }>();
  for (const { anchorId, trackId, similarity, support } of rows) {
    const says = (weights.get(anchorId) ?? 0) * similarity;
    const before = found.get(trackId) ?? { score: 0, anchorId, support, loudest: -1 };
    // each anchor leaves that much less of the doubt
    const score = 1 - (1 - before.score) * (1 - says);
    const speaker = says > before.loudest ? { anchorId, support, loudest: says } : before;
    found.set(trackId, { ...speaker, score });
  }
  return found;
}
