import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Playlist } from '../models.ts';

/** Playlists that the viewer may see; a private one of somebody else's is as good as missing. */
export function createPlaylistById(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Playlist | null>(async (ids) => {
    const playlists = await db.playlist.findMany({ where: { id: { in: [...ids] } } });
    const visible = playlists.filter(
      ({ visibility, ownerId }) => visibility !== 'PRIVATE' || ownerId === viewer?.userId,
    );
    const byId = new Map(visible.map((playlist) => [playlist.id, playlist]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
