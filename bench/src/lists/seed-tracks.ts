import {
  ArtistId,
  newId,
  trackCreated,
  trackUpdated,
  type TrackId,
  trackPlayable,
  trackOpennessChanged,
  UserId,
} from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { withClient } from '@volna/platform/database';

export interface Owner {
  readonly ownerId: string;
  readonly artistId: string;
}

const FEATURES = { tempo: 120, key: 'A minor', energy: 0.5, valence: 0.5, loudnessLufs: -14 };

/** Tracks as they are once they have been processed: catalog's own rows, and what it states to the others. */
export async function seedTracks(
  bus: Bus,
  catalogUrl: string,
  owner: Owner,
  count: number,
): Promise<TrackId[]> {
  const ids = Array.from({ length: count }, () => newId('Track'));
  await withClient(catalogUrl, async (client) => {
    for (const [at, id] of ids.entries()) {
      const title = titleOf(at);
      await client.query(
        `INSERT INTO track (id, artist_id, owner_id, title, title_key, status, stage, is_open, open_seq, duration_ms)
         VALUES ($1, $2, $3, $4, $5, 'READY', 'DONE', true, 1, 60000)`,
        [id, owner.artistId, owner.ownerId, title, title.toLowerCase()],
      );
      const genre = `INSERT INTO track_genre (track_id, source, name, name_key, confidence) VALUES ($1, 'USER', 'Ambient', 'ambient', 1)`;
      await client.query(genre, [id]);
      await client.query('INSERT INTO track_sound (track_id, peaks) VALUES ($1, $2)', [
        id,
        Buffer.from([0, 255]),
      ]);
    }
  });
  for (const [at, trackId] of ids.entries()) await stateTrack(bus, trackId, owner, titleOf(at));
  return ids;
}

function titleOf(at: number): string {
  return `Lighthouse ${at}`;
}

async function stateTrack(bus: Bus, trackId: TrackId, owner: Owner, title: string): Promise<void> {
  const ownerId = UserId.parse(owner.ownerId);
  const artistId = ArtistId.parse(owner.artistId);
  await bus.publish(trackCreated, { trackId, artistId, ownerId, title, albumId: null });
  await bus.publish(trackPlayable, {
    trackId,
    ownerId,
    hlsPrefix: `tracks/${trackId}/hls`,
    renditions: [{ kbps: 160, codec: 'mp4a.40.2' }],
    originalKey: `originals/${trackId}`,
    originalName: 'a.wav',
    originalBytes: 1,
    durationMs: 60_000,
  });
  await bus.publish(trackUpdated, {
    trackId,
    ownerId,
    artistId,
    artistName: 'Polar Tide',
    title,
    durationMs: 60_000,
    year: 2024,
    genres: ['Ambient'],
    tags: [],
    features: FEATURES,
    cover: [],
    embedding: null,
    createdAt: new Date().toISOString(),
  });
  await bus.publish(trackOpennessChanged, {
    trackId,
    ownerId,
    artistId,
    isOpen: true,
    seq: 1,
    reason: null,
    mergedIntoId: null,
  });
}
