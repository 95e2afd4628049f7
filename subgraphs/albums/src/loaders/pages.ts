import type { Viewer } from '@volna/platform/identity';
import { type Connection, type Page, toConnection } from '@volna/platform/pagination';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Album, PlaylistItem, Track } from '../models.ts';
import { seenBy } from '../visibility.ts';

/** One page of one parent's list. Parents that ask for the same page share one statement. */
export interface PageOf<Cursor> {
  readonly parentId: string;
  readonly page: Page<Cursor>;
}

type ReadPages<Row, Cursor> = (
  parentIds: string[],
  page: Page<Cursor>,
) => Promise<(Row & { parentId: string })[]>;

function createPageLoader<Row, Cursor>(read: ReadPages<Row, Cursor>, cursorOf: (row: Row) => Cursor) {
  const keyOf = ({ page }: PageOf<Cursor>) => JSON.stringify(page);
  return new DataLoader<PageOf<Cursor>, Connection<Row>, string>(
    async (wanted) => {
      const found = new Map<string, (Row & { parentId: string })[]>();
      for (const [key, [first, ...rest]] of Map.groupBy(wanted, keyOf)) {
        if (!first) continue;
        const rows = await read(
          [first, ...rest].map(({ parentId }) => parentId),
          first.page,
        );
        for (const [parentId, group] of Map.groupBy(rows, (row) => row.parentId))
          found.set(parentId + key, group);
      }
      return wanted.map((want) =>
        toConnection(found.get(want.parentId + keyOf(want)) ?? [], want.page, cursorOf),
      );
    },
    { cacheKeyFn: (want) => want.parentId + keyOf(want) },
  );
}

/** Tracks of an album in order; the cursor is the position. */
export function createAlbumTracksPage(db: Database, viewer: Viewer | null) {
  type Row = Track & { position: number };
  return createPageLoader<Row, number>(
    (albumIds, { take, after }) => db.$queryRaw`
      SELECT a.id AS "parentId", page.* FROM unnest(${albumIds}::text[]) a (id)
      CROSS JOIN LATERAL (
        SELECT p.track_id AS id, p.position FROM album_track p JOIN track_ref t ON t.id = p.track_id
        WHERE p.album_id = a.id AND p.position > ${after ?? -1} AND ${seenBy(viewer)}
        ORDER BY p.position LIMIT ${take}
      ) page`,
    ({ position }) => position,
  );
}

/** Albums of an artist, newest release first; the cursor is the release date (or creation) and the id. */
export function createAlbumsPage(db: Database) {
  type Row = Album & { sortKey: string };
  return createPageLoader<Row, readonly [string, string]>(
    (artistIds, { take, after }) => db.$queryRaw`
      SELECT a.id AS "parentId", page.* FROM unnest(${artistIds}::text[]) a (id)
      CROSS JOIN LATERAL (
        SELECT id, artist_id AS "artistId", owner_id AS "ownerId", title, release_date AS "releaseDate", type, label,
          description, created_at AS "createdAt",
          coalesce(release_date, to_char(created_at, 'YYYY-MM-DD')) AS "sortKey"
        FROM album
        WHERE artist_id = a.id AND (${after === null} OR
          (coalesce(release_date, to_char(created_at, 'YYYY-MM-DD')), id) < (${after?.[0] ?? ''}, ${after?.[1] ?? ''}))
        ORDER BY "sortKey" DESC, id DESC LIMIT ${take}
      ) page`,
    ({ sortKey, id }) => [sortKey, id],
  );
}

/** Items of a playlist in order; the cursor is the position. */
export function createPlaylistItemsPage(db: Database) {
  return createPageLoader<PlaylistItem, string>(
    (playlistIds, { take, after }) => db.$queryRaw`
      SELECT l.id AS "parentId", page.* FROM unnest(${playlistIds}::text[]) l (id)
      CROSS JOIN LATERAL (
        SELECT id, playlist_id AS "playlistId", track_id AS "trackId", position, added_at AS "addedAt"
        FROM playlist_item WHERE playlist_id = l.id AND position > ${after ?? ''}
        ORDER BY position LIMIT ${take}
      ) page`,
    ({ position }) => position,
  );
}
