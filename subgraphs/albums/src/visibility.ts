import { Prisma } from './generated/prisma/client.ts';

/** As much of a viewer as rows are shown by. */
export interface Seer {
  readonly userId: string;
  readonly roles: readonly string[];
}

const isAdmin = (viewer: Seer | null) => viewer?.roles.includes('ADMIN') ?? false;

/** SQL over a `track_ref t`: open tracks are everybody's, others their owner's and an ADMIN's. */
export function seenBy(viewer: Seer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`NOT t.deleted`;
  return Prisma.sql`NOT t.deleted AND (t.is_open OR t.owner_id = ${viewer?.userId ?? ''})`;
}

/** Likewise, of the tracks that a list finds by itself: merged ones are found as their targets. */
export function listedFor(viewer: Seer | null): Prisma.Sql {
  return Prisma.sql`t.merged_into_id IS NULL AND ${seenBy(viewer)}`;
}

/**
 * SQL to join by: the `track_ref t` that is shown where a column names a track, the one it was merged into or itself.
 * What stands for a track may be merged in its turn; three merges in a row are followed.
 */
export function shownFor(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`track_ref named ON named.id = ${column}
    LEFT JOIN track_ref second ON second.id = named.merged_into_id
    LEFT JOIN track_ref third ON third.id = second.merged_into_id
    JOIN track_ref t ON t.id = coalesce(
      third.merged_into_id, second.merged_into_id, named.merged_into_id, named.id)`;
}

/** SQL over an `album_track p` so joined: a merged track is left out where its target is on the album itself. */
export const NOT_TWICE = Prisma.sql`(t.id = named.id OR NOT EXISTS (
  SELECT FROM album_track twin WHERE twin.album_id = p.album_id AND twin.track_id = t.id))`;

/**
 * SQL over an `album a`: released ones are everybody's, unless moderators have hidden them or the page that they
 * are on; others are their owner's and an ADMIN's.
 */
export function albumSeenBy(viewer: Seer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`TRUE`;
  return Prisma.sql`(a.owner_id = ${viewer?.userId ?? ''} OR (a.status = 'RELEASED' AND a.moderation = 'CLEAR'
    AND NOT EXISTS (SELECT FROM artist_ref page WHERE page.id = a.artist_id AND NOT page.is_open)))`;
}

/** SQL over an `artist_ref page` that may not be known. */
export function pageSeenBy(viewer: Seer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`TRUE`;
  return Prisma.sql`(page.is_open IS NOT FALSE OR page.owner_id = ${viewer?.userId ?? ''})`;
}

/** SQL over a `playlist p` joined with the viewer's `playlist_member m`. */
export function playlistSeenBy(viewer: Seer | null): Prisma.Sql {
  return Prisma.sql`((p.visibility <> 'PRIVATE' OR p.owner_id = ${viewer?.userId ?? ''} OR m.role IS NOT NULL
    OR p.moderation <> 'CLEAR') AND ${playlistShownTo(viewer)})`;
}

/** SQL over a `playlist p`: one that moderators have hidden is its owner's and an ADMIN's, whoever has a part in it. */
export function playlistShownTo(viewer: Seer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`TRUE`;
  return Prisma.sql`(p.moderation = 'CLEAR' OR p.owner_id = ${viewer?.userId ?? ''})`;
}
