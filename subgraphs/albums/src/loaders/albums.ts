import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { AlbumRole } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { ALBUM } from '../rows.ts';
import { albumSeenBy, pageSeenBy } from '../visibility.ts';

/** Albums that the viewer may see; one that is not released is as good as missing to others than its owner. */
export function createAlbumById(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Album | null>(async (ids) => {
    const albums = await db.$queryRaw<Album[]>`
      SELECT ${ALBUM} FROM album a WHERE a.id = ANY (${ids}) AND ${albumSeenBy(viewer)}`;
    const byId = new Map(albums.map((album) => [album.id, album]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export interface Credit {
  readonly artist: { readonly id: string };
  readonly role: AlbumRole;
}

interface CreditRow {
  readonly albumId: string;
  readonly artistId: string;
  readonly role: string;
}

/** Who made an album, the artist of its page first; without pages that moderators keep from the viewer. */
export function createCreditsOf(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Credit[]>(async (albumIds) => {
    const rows = await db.$queryRaw<CreditRow[]>`
      SELECT c.album_id AS "albumId", c.artist_id AS "artistId", c.role
      FROM album_artist c LEFT JOIN artist_ref page ON page.id = c.artist_id
      WHERE c.album_id = ANY (${albumIds}) AND ${pageSeenBy(viewer)}
      ORDER BY c.position`;
    const byAlbum = Map.groupBy(rows, ({ albumId }) => albumId);
    return albumIds.map((id) =>
      (byAlbum.get(id) ?? []).map(({ artistId, role }) => ({
        artist: { id: artistId },
        role: role as AlbumRole,
      })),
    );
  });
}
