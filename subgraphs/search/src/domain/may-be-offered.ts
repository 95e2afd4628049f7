import type { VectorFilter } from '@volna/platform/vectors';

import { Prisma } from '../generated/prisma/client.ts';

/** What is shorter is a click and no music. */
export const LEAST_MS = 1_000;
/** Below it there is nothing to hear (the gate of EBU R128 is at −70); what is silent has no loudness at all. */
const SILENT_LUFS = -60;

/**
 * SQL of whether an `indexed_track t` is silent throughout: it was decoded, and neither a loudness nor a sound was found.
 * What is not decoded yet has no duration.
 */
export const IS_SILENT = Prisma.sql`(t.duration_ms IS NOT NULL AND t.embedding_model IS NULL
  AND (t.loudness_lufs IS NULL OR t.loudness_lufs < ${SILENT_LUFS}::float8))`;

/**
 * SQL of whether an `indexed_track t` may be offered to somebody who has not asked for it: by waves, radios, shelves and
 * lists. It is found and played all the same, and albums that it is on are whole. Of what has no duration yet nobody knows.
 */
export const MAY_BE_OFFERED = Prisma.sql`(
  (t.duration_ms >= ${LEAST_MS} OR t.duration_ms IS NULL) AND NOT ${IS_SILENT})`;

/** The same for Prisma, of tracks that have a vector: none of those is silent. */
export const LONG_ENOUGH = { OR: [{ durationMs: null }, { durationMs: { gte: LEAST_MS } }] };

/** A filter of vectors that lets through nothing that may not be offered. */
export function offered(filter: VectorFilter): VectorFilter {
  const asked = filter.range?.durationMs;
  const gte = Math.max(LEAST_MS, asked?.gte ?? 0);
  return { ...filter, range: { ...filter.range, durationMs: { ...asked, gte } } };
}
