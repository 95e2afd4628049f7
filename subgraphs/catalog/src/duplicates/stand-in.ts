import type { ArtistById } from '../loaders/artist-by-id.ts';
import type { TrackById } from '../loaders/track-by-id.ts';
import type { Track } from '../models.ts';

/** Longer chains of mergers are nobody's intention. */
const MOST_STEPS = 20;

/** The track that stands for a merged one, whatever that was merged into later; null for one that is not merged. */
export async function standInOf(trackById: TrackById, { mergedIntoId }: Track): Promise<Track | null> {
  let at = mergedIntoId ? await trackById.load(mergedIntoId) : null;
  for (let step = 0; at?.mergedIntoId && step < MOST_STEPS; step++) {
    // oxlint-disable-next-line no-await-in-loop -- each says where the next one is
    at = await trackById.load(at.mergedIntoId);
  }
  return at;
}

/** Whether nothing but a merger closes a track, and listeners hear the other one: they may follow the link. */
export async function isHeardElsewhere(
  { trackById, artistById }: { readonly trackById: TrackById; readonly artistById: ArtistById },
  track: Track,
): Promise<boolean> {
  const { mergedIntoId, status, isDraft, moderation, artistId } = track;
  if (!mergedIntoId || status !== 'READY' || isDraft || moderation !== 'CLEAR') return false;
  const [standIn, artist] = await Promise.all([standInOf(trackById, track), artistById.load(artistId)]);
  return standIn?.isOpen === true && artist?.moderation === 'CLEAR';
}
