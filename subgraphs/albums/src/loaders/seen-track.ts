import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Track } from '../models.ts';
import { seenBy } from '../visibility.ts';

/** Tracks that the viewer may see; of any other not even the id is told. */
export function createSeenTrack(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Track | null>(async (ids) => {
    const rows = await db.$queryRaw<Track[]>`
      SELECT t.id FROM track_ref t WHERE t.id = ANY (${ids}) AND ${seenBy(viewer)}`;
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
