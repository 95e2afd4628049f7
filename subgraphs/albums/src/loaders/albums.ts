import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Album } from '../models.ts';

export function createAlbumById(db: Database) {
  return new DataLoader<string, Album | null>(async (ids) => {
    const albums = await db.album.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(albums.map((album) => [album.id, album]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The album that a track was first put on. */
export function createAlbumOfTrack(db: Database) {
  return new DataLoader<string, Album | null>(async (trackIds) => {
    const places = await db.albumTrack.findMany({
      where: { trackId: { in: [...trackIds] } },
      orderBy: [{ addedAt: 'desc' }, { albumId: 'desc' }],
      include: { album: true },
    });
    const byTrack = new Map(places.map(({ trackId, album }) => [trackId, album]));
    return trackIds.map((id) => byTrack.get(id) ?? null);
  });
}
