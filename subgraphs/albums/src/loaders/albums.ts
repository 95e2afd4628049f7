import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Album } from '../models.ts';
import { seenBy } from '../visibility.ts';

export function createAlbumById(db: Database) {
  return new DataLoader<string, Album | null>(async (ids) => {
    const albums = await db.album.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(albums.map((album) => [album.id, album]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The album that a track was first put on; null for a track that the viewer may not see. */
export function createAlbumOfTrack(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Album | null>(async (trackIds) => {
    const albums = await db.$queryRaw<(Album & { trackId: string })[]>`
      SELECT DISTINCT ON (p.track_id) p.track_id AS "trackId", a.id, a.artist_id AS "artistId", a.owner_id AS "ownerId",
        a.title, a.release_date AS "releaseDate", a.type, a.label, a.description, a.created_at AS "createdAt"
      FROM album_track p JOIN album a ON a.id = p.album_id JOIN track_ref t ON t.id = p.track_id
      WHERE p.track_id = ANY (${trackIds}) AND ${seenBy(viewer)}
      ORDER BY p.track_id, p.added_at, p.album_id`;
    const byTrack = new Map(albums.map(({ trackId, ...album }) => [trackId, album]));
    return trackIds.map((id) => byTrack.get(id) ?? null);
  });
}
