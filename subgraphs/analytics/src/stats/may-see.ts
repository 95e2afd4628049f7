import type { Context } from '../context.ts';

/** Whether the viewer may see the figures of a track: its owner and administrators may. */
export async function maySeeTrack(context: Context, trackId: string): Promise<boolean> {
  const { viewer, isAdmin } = context;
  if (!viewer) return false;
  const track = await context.trackById.load(trackId);
  return track !== null && (isAdmin || track.ownerId === viewer.userId);
}

/** The tracks of an artist page whose figures the viewer may see; null where the page is not the viewer's. */
export async function findArtistTracks(context: Context, artistId: string): Promise<string[] | null> {
  const { viewer, isAdmin, pool } = context;
  if (!viewer) return null;
  const { rows } = await pool.query<{ ownerId: string; trackIds: string[] }>(
    `SELECT a.owner_id AS "ownerId", array(SELECT t.id FROM known_track t
       WHERE t.artist_id = a.id AND NOT t.deleted ORDER BY t.id) AS "trackIds"
     FROM known_artist a WHERE a.id = $1 AND NOT a.deleted`,
    [artistId],
  );
  const [artist] = rows;
  return artist && (isAdmin || artist.ownerId === viewer.userId) ? artist.trackIds : null;
}
