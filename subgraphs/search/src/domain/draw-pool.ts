import { createHash } from 'node:crypto';

import type { Deps } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { AnchorState } from '../wave/state.ts';
import type { LibraryRow } from './read-library.ts';

const POOL_ANCHORS = 10;
const POOL_PER_LIST = 100;
const POOL_AT_RANDOM = 300;

interface Draw {
  readonly userId: string;
  readonly anchors: readonly AnchorState[];
  readonly byId: ReadonlyMap<string, LibraryRow>;
  readonly randomSeed: number;
  /** Tracks that are in it whatever else is. */
  readonly besides: readonly string[];
}

/** What is near to the strongest anchors, popular, new or liked, and some tracks by the wave's own dice. */
export async function drawPool(
  { nearby }: Pick<Deps, 'nearby'>,
  { userId, anchors, byId, randomSeed, besides }: Draw,
): Promise<{ scope: Prisma.Sql; isDegraded: boolean }> {
  const strongest = anchors
    .toSorted((a, b) => b.weight - a.weight || (a.trackId < b.trackId ? -1 : 1))
    .flatMap(({ trackId }) => byId.get(trackId) ?? [])
    .filter(({ embedding }) => embedding !== null)
    .slice(0, POOL_ANCHORS);
  const near = await Promise.all(strongest.map((row) => nearby.find(row)));
  // the tracks that follow a place in the order of their hashes are as good as drawn by lot
  const place = createHash('md5').update(String(randomSeed)).digest('hex');
  const scope = Prisma.sql`t.id IN (
    SELECT unnest(${[...besides, ...near.flatMap((ids) => ids ?? [])]}::text[])
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY plays DESC, id DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY created_at DESC, id DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT track_id FROM taste_anchor WHERE user_id = ${userId} ORDER BY at DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT id FROM indexed_track WHERE is_open AND md5(id) >= ${place} ORDER BY md5(id) LIMIT ${POOL_AT_RANDOM})
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY md5(id) LIMIT ${POOL_PER_LIST}))`;
  return { scope, isDegraded: near.length > 0 && near.every((ids) => ids === null) };
}
