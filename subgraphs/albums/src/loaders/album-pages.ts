import type { Viewer } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Album } from '../models.ts';
import { ALBUM } from '../rows.ts';
import { albumSeenBy, NOT_TWICE, seenBy, shownFor } from '../visibility.ts';
import { createPageLoader } from './page-loader.ts';

export interface AlbumPlaceRow {
  readonly id: string;
  readonly disc: number;
  readonly number: number;
  readonly position: number;
}

/** Tracks of an album in order; the cursor is the position. */
export function createAlbumPlacesPage(db: Database, viewer: Viewer | null) {
  return createPageLoader<AlbumPlaceRow, number>(
    (albumIds, { take, after }) => db.$queryRaw`
      SELECT a.id AS "parentId", page.* FROM unnest(${albumIds}::text[]) a (id)
      CROSS JOIN LATERAL (
        SELECT t.id, p.position, p.disc, p.position + 1 -
          (SELECT min(d.position) FROM album_track d WHERE d.album_id = a.id AND d.disc = p.disc) AS number
        FROM album_track p JOIN ${shownFor(Prisma.sql`p.track_id`)}
        WHERE p.album_id = a.id AND p.position > ${after ?? -1} AND ${seenBy(viewer)} AND ${NOT_TWICE}
        ORDER BY p.position LIMIT ${take}
      ) page`,
    ({ position }) => position,
  );
}

type ByDate = readonly [string, string];

/** Albums of an artist's page, newest release first; the cursor is what they are sorted by. */
export function createAlbumsPage(db: Database, viewer: Viewer | null) {
  return albumsPage(db, viewer, Prisma.sql`album a WHERE a.artist_id = w.id`);
}

/** Albums on other pages that credit an artist, likewise. */
export function createAppearancesPage(db: Database, viewer: Viewer | null) {
  return albumsPage(
    db,
    viewer,
    Prisma.sql`album_artist c JOIN album a ON a.id = c.album_id WHERE c.artist_id = w.id AND a.artist_id <> w.id`,
  );
}

function albumsPage(db: Database, viewer: Viewer | null, source: Prisma.Sql) {
  return createPageLoader<Album, ByDate>(
    (artistIds, { take, after }) => db.$queryRaw`
      SELECT w.id AS "parentId", page.* FROM unnest(${artistIds}::text[]) w (id)
      CROSS JOIN LATERAL (
        SELECT ${ALBUM} FROM ${source} AND ${albumSeenBy(viewer)} AND ${
          after ? Prisma.sql`(a.sort_date, a.id) < (${after[0]}, ${after[1]})` : Prisma.sql`TRUE`
        }
        ORDER BY a.sort_date DESC, a.id DESC LIMIT ${take}
      ) page`,
    ({ sortDate, id }) => [sortDate, id],
  );
}
