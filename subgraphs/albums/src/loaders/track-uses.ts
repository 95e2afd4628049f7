import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';

/** How many things hold a track. */
export interface TrackUses {
  readonly albums: number;
  readonly playlists: number;
  readonly likes: number;
}

/** Of the viewer's own tracks, and of any for an ADMIN; of others null. */
export function createTrackUses(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, TrackUses | null>(async (ids) => {
    if (!viewer) return ids.map(() => null);
    const isAdmin = viewer.roles.includes('ADMIN');
    const rows = await db.$queryRaw<(TrackUses & { id: string })[]>`
      SELECT t.id,
        (SELECT count(*)::int FROM album_track a WHERE a.track_id = t.id) AS albums,
        (SELECT count(DISTINCT p.playlist_id)::int FROM playlist_item p WHERE p.track_id = t.id) AS playlists,
        (SELECT count(*)::int FROM reaction r WHERE r.track_id = t.id AND r.reaction = 'LIKE') AS likes
      FROM track_ref t
      WHERE t.id = ANY(${ids}) AND NOT t.deleted AND (${isAdmin} OR t.owner_id = ${viewer.userId})`;
    const byId = new Map(rows.map(({ id, ...uses }) => [id, uses]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
