import { Prisma } from '../generated/prisma/client.ts';

/** What is shorter is a click and no music. */
const LEAST_MS = 1_000;

/**
 * SQL of whether an `indexed_track t` may be offered to somebody who has not asked for it: by waves, radios, shelves and
 * lists. It is found and played all the same, and albums that it is on are whole. Of what has no duration yet nobody knows.
 */
export const IS_LONG_ENOUGH = Prisma.sql`(t.duration_ms >= ${LEAST_MS} OR t.duration_ms IS NULL)`;
