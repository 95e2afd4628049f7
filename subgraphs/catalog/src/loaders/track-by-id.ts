import { TrackId } from '@volna/events';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Track } from '../models.ts';

export type TrackById = DataLoader<string, Track | null>;

/** One query for all tracks that a request names. What is no id of one finds nothing. */
export function createTrackById(db: Database): TrackById {
  return new DataLoader(async (ids) => {
    const known = ids.filter((id) => TrackId.safeParse(id).success);
    const tracks = await db.track.findMany({ where: { id: { in: known } } });
    const byId = new Map(tracks.map((track) => [track.id, track]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
