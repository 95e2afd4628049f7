import type { Page } from '@volna/platform/pagination';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist, PlaylistItem } from '../models.ts';
import { listedFor, type Seer } from '../visibility.ts';
import { ruleSql, SORTS } from './rule-sql.ts';
import { SmartRules } from './rule.ts';

/** What the list is sorted by, as text; the track; how many tracks come up to it. */
export type SmartCursor = readonly [key: string, trackId: string, count: number];
export type SmartItem = PlaylistItem & { readonly key: string };

type Row = SmartItem & { readonly parentId: string; readonly place: number };

/** One page of each of some smart playlists, in one statement. */
export async function findSmart(
  db: Pick<Database, '$queryRaw'>,
  viewer: Seer | null,
  playlists: readonly Playlist[],
  { take, after }: Pick<Page<SmartCursor>, 'take' | 'after'>,
): Promise<Row[]> {
  const pages = playlists.map((playlist) => {
    const { sort, direction, limit } = rulesOf(playlist);
    const { value, type } = SORTS[sort];
    const way = Prisma.raw(direction);
    const beyond = Prisma.raw(direction === 'ASC' ? '>' : '<');
    const isBehind = after
      ? Prisma.sql`(${value}, t.id) ${beyond} (${after[0]}::${type}, ${after[1]})`
      : Prisma.sql`TRUE`;
    return Prisma.sql`(
      SELECT ${playlist.id}::text AS "parentId", ${playlist.id}::text || '.' || t.id AS id, t.id AS "trackId", '' AS position,
        t.added_at AS "addedAt", NULL::text AS "addedBy", (${value})::text AS key,
        row_number() OVER (ORDER BY ${value} ${way}, t.id ${way})::int AS place
      ${source(playlist, viewer)} AND ${isBehind}
      ORDER BY ${value} ${way}, t.id ${way}
      LIMIT ${Math.max(0, Math.min(take, limit - (after?.[2] ?? 0)))})`;
  });
  const rows = await db.$queryRaw<Row[]>`${Prisma.join(pages, ' UNION ALL ')}`;
  return rows.toSorted((a, b) => a.place - b.place);
}

/** How many tracks each of some smart playlists has now. */
export async function countSmart(
  db: Pick<Database, '$queryRaw'>,
  viewer: Seer | null,
  playlists: readonly Playlist[],
): Promise<Map<string, number>> {
  if (playlists.length === 0) return new Map();
  const counts = playlists.map(
    (playlist) => Prisma.sql`
      SELECT ${playlist.id}::text AS id, count(*)::int AS count
      FROM (SELECT 1 ${source(playlist, viewer)} LIMIT ${rulesOf(playlist).limit}) found`,
  );
  const rows = await db.$queryRaw<{ id: string; count: number }[]>`${Prisma.join(counts, ' UNION ALL ')}`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}

function rulesOf({ smart }: Playlist): SmartRules {
  return SmartRules.parse(smart);
}

/** The tracks that a playlist's rule takes, of those that the viewer may hear. */
function source(playlist: Playlist, viewer: Seer | null): Prisma.Sql {
  return Prisma.sql`
    FROM track_ref t
    LEFT JOIN reaction r ON r.user_id = ${playlist.ownerId} AND r.track_id = t.id
    LEFT JOIN listen l ON l.user_id = ${playlist.ownerId} AND l.track_id = t.id
    WHERE ${listedFor(viewer)} AND ${ruleSql(rulesOf(playlist).rule)}`;
}
