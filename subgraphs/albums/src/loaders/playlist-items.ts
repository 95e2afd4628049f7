import type { Viewer } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import type { Playlist, PlaylistItem } from '../models.ts';
import { ITEM } from '../rows.ts';
import { findSmart, type SmartCursor, type SmartItem } from '../smart/find-smart.ts';
import { createPageLoader } from './page-loader.ts';

/**
 * Items of a playlist in order. The cursor is an item and where it was: an item that has moved since is followed to its
 * new place, one that is gone leaves its old one.
 */
export function createPlaylistItemsPage(db: Database) {
  return createPageLoader<PlaylistItem, readonly [string, string]>(
    (playlistIds, { take, after }) => db.$queryRaw`
      SELECT l.id AS "parentId", page.* FROM unnest(${playlistIds}::text[]) l (id)
      CROSS JOIN LATERAL (
        SELECT ${ITEM} FROM playlist_item i
        WHERE i.playlist_id = l.id AND i.position > coalesce(
          (SELECT c.position FROM playlist_item c WHERE c.id = ${after?.[1] ?? ''} AND c.playlist_id = l.id),
          ${after?.[0] ?? ''})
        ORDER BY i.position LIMIT ${take}
      ) page`,
    ({ position, id }) => [position, id],
  );
}

/** What the rules of smart playlists find; the cursor is what the list is sorted by, the track, and how many came before. */
export function createSmartItemsPage(db: Database, viewer: Viewer | null) {
  return createPageLoader<SmartItem, SmartCursor, Playlist>(
    (playlists, page) => findSmart(db, viewer, playlists, page),
    ({ key, trackId }, { after }, at) => [key, trackId, (after?.[2] ?? 0) + at + 1],
  );
}
