import { createHash } from 'node:crypto';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { type KnownTrack, VERSION } from './known-tracks.ts';

const POOL_PER_LIST = 100;
const POOL_AT_RANDOM = 300;

/** What is drawn of a large library. */
export interface Draw {
  readonly randomSeed: number;
  /** Tracks that are in it whatever else is. */
  readonly besides: readonly string[];
}

/** A track that a wave may play, and what the listener has said of it. */
export interface PoolRow {
  readonly track: KnownTrack;
  readonly isLiked: boolean;
  readonly isDisliked: boolean;
  readonly heardAt: Date | null;
}

/** One value a track in each; the lists are null where there is no track. */
interface Lists {
  readonly ids: string[] | null;
  readonly versions: string[];
  /** Empty where there is none. */
  readonly reactions: string[];
  /** In milliseconds since 1970; 0 for what was not heard. */
  readonly heard: number[];
}

/**
 * The open tracks of a draw, or of the whole library, in the order of their ids; none by an artist whom the listener
 * has blocked. What everybody knows of a track is remembered, so that the statement brings a few words of each.
 */
export async function readPool(
  { knownTracks }: Pick<Deps, 'knownTracks'>,
  tx: Transaction,
  userId: string,
  draw: Draw | null,
): Promise<PoolRow[]> {
  const [lists] = await tx.$queryRaw<Lists[]>`
    SELECT array_agg(p.id) AS ids, array_agg(p.version) AS versions, array_agg(p.reaction) AS reactions,
      array_agg(p.heard) AS heard
    FROM (
      SELECT t.id, ${VERSION} AS version, coalesce(r.reaction, '') AS reaction,
        coalesce(extract(epoch FROM l.last_at) * 1000, 0)::float8 AS heard
      FROM indexed_track t
      LEFT JOIN (
        SELECT DISTINCT ON (coalesce(said.merged_into_id, said.id))
          coalesce(said.merged_into_id, said.id) AS track_id, given.reaction
        FROM reaction given JOIN indexed_track said ON said.id = given.track_id
        WHERE given.user_id = ${userId}
        ORDER BY coalesce(said.merged_into_id, said.id), given.at DESC
      ) r ON r.track_id = t.id
      LEFT JOIN listen l ON l.user_id = ${userId} AND l.track_id = t.id
      WHERE t.is_open AND ${draw ? drawn(userId, draw) : Prisma.sql`TRUE`}
        AND t.artist_id NOT IN (SELECT b.artist_id FROM blocked_artist b WHERE b.user_id = ${userId})
      ORDER BY t.id) p`;
  if (!lists?.ids) return [];
  const { ids, versions, reactions, heard } = lists;
  const tracks = await knownTracks.read(tx, new Map(ids.map((id, at) => [id, versions[at] ?? ''])));
  const places = new Map(ids.map((id, at) => [id, at]));
  return tracks.map((track) => {
    const at = places.get(track.id) ?? 0;
    const heardMs = heard[at] ?? 0;
    return {
      track,
      isLiked: reactions[at] === 'LIKE',
      isDisliked: reactions[at] === 'DISLIKE',
      heardAt: heardMs === 0 ? null : new Date(heardMs),
    };
  });
}

/** What is popular, new or liked, and some tracks by the wave's own dice. */
function drawn(userId: string, { randomSeed, besides }: Draw): Prisma.Sql {
  // the tracks that follow a place in the order of their hashes are as good as drawn by lot
  const place = createHash('md5').update(String(randomSeed)).digest('hex');
  return Prisma.sql`t.id IN (
    SELECT unnest(string_to_array(${[...new Set(besides)].join(' ')}, ' '))
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY plays DESC, id DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY created_at DESC, id DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT track_id FROM taste_anchor WHERE user_id = ${userId} ORDER BY at DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT id FROM indexed_track WHERE is_open AND md5(id) >= ${place} ORDER BY md5(id) LIMIT ${POOL_AT_RANDOM})
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY md5(id) LIMIT ${POOL_PER_LIST}))`;
}
