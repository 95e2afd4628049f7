import DataLoader from 'dataloader';

import type { Database } from '../database.ts';

/** Which tracks are on each album: one query for all that a request asks for. */
export function createTracksOfAlbum(db: Database) {
  return new DataLoader<string, readonly string[]>(async (albumIds) => {
    const rows = await db.albumPlace.findMany({ where: { albumId: { in: [...albumIds] } } });
    const byAlbum = Map.groupBy(rows, ({ albumId }) => albumId);
    return albumIds.map((id) => (byAlbum.get(id) ?? []).map(({ trackId }) => trackId));
  });
}

export type TracksOfAlbum = ReturnType<typeof createTracksOfAlbum>;
