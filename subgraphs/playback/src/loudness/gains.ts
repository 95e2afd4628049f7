import type { Context } from '../context.ts';
import { findPlayed } from '../domain/find-played.ts';
import type { AlbumGain } from '../generated/graphql.ts';
import { albumLoudness, albumPeak } from './album-loudness.ts';

/** ReplayGain 2.0's. */
const REFERENCE_LUFS = -18;

/** What brings a sound to the reference; null for silence. */
export function gainOf(loudnessLufs: number | null): number | null {
  return loudnessLufs === null ? null : REFERENCE_LUFS - loudnessLufs;
}

/**
 * What brings an album to the reference as a whole: of the tracks that the viewer may hear, whichever there are at the
 * moment. Null where the track is not on it.
 */
export async function albumGain(
  context: Context,
  trackId: string,
  albumId: string,
): Promise<AlbumGain | null> {
  const ids = await context.tracksOfAlbum.load(albumId);
  if (!ids.includes(trackId)) return null;
  const found = await Promise.all(ids.map((id) => findPlayed(context, id)));
  const heard = found.filter((track) => track !== null);
  const gainDb = gainOf(albumLoudness(heard));
  return gainDb === null ? null : { gainDb, truePeakDbtp: albumPeak(heard) };
}
