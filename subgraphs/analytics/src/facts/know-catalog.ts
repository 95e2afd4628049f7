import type {
  artistDeleted,
  artistTransferred,
  DataOf,
  trackCreated,
  trackDeleted,
  trackOpennessChanged,
} from '@volna/events';
import type { Pool } from 'pg';

type Ownership = Pick<DataOf<typeof trackCreated>, 'trackId' | 'ownerId' | 'artistId'>;

/** Whose a track is and on which page, unless something later has been said. `at` is when it was stated. */
export async function noteTrack(pool: Pool, event: Ownership, at: string): Promise<void> {
  const { trackId, ownerId, artistId } = event;
  await pool.query(
    `INSERT INTO known_track AS t (id, owner_id, artist_id, stated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET owner_id = $2, artist_id = $3, stated_at = $4 WHERE t.stated_at <= $4`,
    [trackId, ownerId, artistId, at],
  );
}

/** Whether everybody may hear a track. */
export async function noteOpenness(
  pool: Pool,
  event: DataOf<typeof trackOpennessChanged>,
  at: string,
): Promise<void> {
  await noteTrack(pool, event, at);
  await pool.query(
    'UPDATE known_track SET is_open = $2, openness_seq = $3 WHERE id = $1 AND openness_seq < $3',
    [event.trackId, event.isOpen, event.seq],
  );
}

/** Stays as a note that the track is gone; its figures stay in those of the platform. */
export async function noteTrackDeleted(
  pool: Pool,
  { trackId, ownerId }: DataOf<typeof trackDeleted>,
  at: string,
): Promise<void> {
  await pool.query(
    `INSERT INTO known_track (id, owner_id, stated_at, deleted) VALUES ($1, $2, $3, true)
     ON CONFLICT (id) DO UPDATE SET deleted = true`,
    [trackId, ownerId, at],
  );
}

/** Whose an artist page is, unless something later has been said. `at` is when it was stated. */
export async function noteArtist(
  pool: Pool,
  { artistId, ownerId }: Pick<DataOf<typeof artistTransferred>, 'artistId' | 'ownerId'>,
  at: string,
): Promise<void> {
  await pool.query(
    `INSERT INTO known_artist AS a (id, owner_id, stated_at) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET owner_id = $2, stated_at = $3 WHERE a.stated_at <= $3`,
    [artistId, ownerId, at],
  );
}

export async function noteArtistDeleted(
  pool: Pool,
  { artistId, ownerId }: DataOf<typeof artistDeleted>,
  at: string,
): Promise<void> {
  await pool.query(
    `INSERT INTO known_artist (id, owner_id, stated_at, deleted) VALUES ($1, $2, $3, true)
     ON CONFLICT (id) DO UPDATE SET deleted = true`,
    [artistId, ownerId, at],
  );
}
