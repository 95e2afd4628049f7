import DataLoader from 'dataloader';
import type { Pool } from 'pg';

export interface KnownTrack {
  readonly id: string;
  readonly ownerId: string;
  readonly isOpen: boolean;
  readonly popularity: number;
  readonly trending: number;
}

export type TrackById = DataLoader<string, KnownTrack | null>;

/** One query for all the tracks that a request names; null for those that are gone or unknown. */
export function createTrackById(pool: Pool): TrackById {
  return new DataLoader(async (ids) => {
    const { rows } = await pool.query<KnownTrack>(
      `SELECT id, owner_id AS "ownerId", is_open AS "isOpen", coalesce(popularity, 0) AS popularity,
         coalesce(trending, 0) AS trending
       FROM known_track LEFT JOIN track_heat ON track_id = id WHERE id = ANY ($1) AND NOT deleted`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
