import { createHash } from 'node:crypto';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { MAY_BE_OFFERED } from './may-be-offered.ts';
import { type RememberedTrack, split, VERSION } from './track-memory.ts';

const POOL_PER_LIST = 100;
const POOL_AT_RANDOM = 300;

/** What is taken of a large library. */
export interface Draw {
  /** Of the dice that part of it is drawn by; null for no more than what is named. */
  readonly randomSeed: number | null;
  /** Tracks that are in it whatever else is. */
  readonly named: readonly string[];
}

/** A track that a wave may play, and what the listener has said of it. */
export interface PoolRow {
  readonly track: RememberedTrack;
  readonly isLiked: boolean;
  readonly isDisliked: boolean;
  readonly heardAt: Date | null;
}

export interface Pool {
  readonly rows: PoolRow[];
  /** The listener wants no explicit tracks, whatever is asked of the wave. */
  readonly hidesExplicit: boolean;
}

/** One value a track in each, with spaces between: a thousand texts are split sooner than an array is parsed. */
interface Lists {
  readonly ids: string | null;
  readonly versions: string | null;
  /** Empty where there is none. */
  readonly reactions: string | null;
  /** In milliseconds since 1970; 0 for what was not heard. */
  readonly heard: string | null;
  readonly hidesExplicit: boolean;
}

/**
 * The open tracks of a draw, or of the whole library, in the order of their ids; none by an artist whom the listener
 * has blocked. What everybody knows of a track is remembered, so that the statement brings a few words of each.
 */
export async function readPool(
  { trackMemory }: Pick<Deps, 'trackMemory'>,
  tx: Transaction,
  userId: string,
  draw: Draw | null,
): Promise<Pool> {
  const [lists] = await tx.$queryRaw<Lists[]>`
    SELECT string_agg(p.id, ' ') AS ids, string_agg(p.version, ' ') AS versions,
      string_agg(p.reaction, ' ') AS reactions, string_agg(p.heard, ' ') AS heard,
      EXISTS (SELECT FROM listener l WHERE l.user_id = ${userId} AND l.hides_explicit) AS "hidesExplicit"
    FROM (
      SELECT t.id, t.version, coalesce(r.reaction, '') AS reaction,
        coalesce(round(extract(epoch FROM l.last_at) * 1000), 0)::text AS heard
      FROM (${draw ? drawn(userId, draw) : WHOLE}) t
      LEFT JOIN (
        SELECT DISTINCT ON (coalesce(said.merged_into_id, said.id))
          coalesce(said.merged_into_id, said.id) AS track_id, given.reaction
        FROM reaction given JOIN indexed_track said ON said.id = given.track_id
        WHERE given.user_id = ${userId}
        ORDER BY coalesce(said.merged_into_id, said.id), given.at DESC
      ) r ON r.track_id = t.id
      LEFT JOIN listen l ON l.user_id = ${userId} AND l.track_id = t.id
      WHERE t.artist_id NOT IN (SELECT b.artist_id FROM blocked_artist b WHERE b.user_id = ${userId})
      ORDER BY t.id) p`;
  const [reactions, heard] = [split(lists?.reactions ?? null), split(lists?.heard ?? null)];
  const found = { ids: split(lists?.ids ?? null), versions: split(lists?.versions ?? null) };
  const tracks = await trackMemory.read(tx, found);
  const rows = tracks.flatMap((track, at): PoolRow[] => {
    if (!track) return [];
    const [reaction, heardMs] = [reactions[at], Number(heard[at])];
    return [
      {
        track,
        isLiked: reaction === 'LIKE',
        isDisliked: reaction === 'DISLIKE',
        heardAt: heardMs === 0 ? null : new Date(heardMs),
      },
    ];
  });
  return { rows, hidesExplicit: lists?.hidesExplicit ?? false };
}

/** The open tracks of the library that may be offered, as `t`. */
const WHOLE = Prisma.sql`
  SELECT t.id, ${VERSION} AS version, t.artist_id FROM indexed_track t WHERE t.is_open AND ${MAY_BE_OFFERED}`;

/**
 * What is named and, where there are dice, what is popular, new or liked, and some tracks by them. Each is taken from the
 * row that it was found in: to find the rows anew by their ids took half of the statement's time.
 */
function drawn(userId: string, { randomSeed, named }: Draw): Prisma.Sql {
  const asked = Prisma.sql`${WHOLE} AND t.id = ANY (string_to_array(${[...new Set(named)].join(' ')}, ' '))`;
  if (randomSeed === null) return asked;
  // the tracks that follow a place in the order of their hashes are as good as drawn by lot
  const place = createHash('md5').update(String(randomSeed)).digest('hex');
  return Prisma.sql`${asked}
    UNION (${WHOLE} ORDER BY t.plays DESC, t.id DESC LIMIT ${POOL_PER_LIST})
    UNION (${WHOLE} ORDER BY t.created_at DESC, t.id DESC LIMIT ${POOL_PER_LIST})
    UNION ${WHOLE} AND t.id IN (
      SELECT track_id FROM taste_anchor WHERE user_id = ${userId} ORDER BY at DESC LIMIT ${POOL_PER_LIST})
    UNION (${WHOLE} AND md5(t.id) >= ${place} ORDER BY md5(t.id) LIMIT ${POOL_AT_RANDOM})
    UNION (${WHOLE} ORDER BY md5(t.id) LIMIT ${POOL_PER_LIST})`;
}
