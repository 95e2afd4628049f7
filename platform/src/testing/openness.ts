import type { ArtistId, DataOf, TrackId, trackOpennessChanged, UserId } from '@volna/events';
import { newId } from '@volna/events';

type Openness = DataOf<typeof trackOpennessChanged>;

let seq = 0;

/** What catalog states of a track that listeners may hear, each time as the latest. */
export function anOpening(
  track: { readonly trackId: TrackId; readonly ownerId: UserId; readonly artistId?: ArtistId },
  otherwise: Partial<Openness> = {},
): Openness {
  seq += 1;
  const { trackId, ownerId, artistId = newId('Artist') } = track;
  return { trackId, ownerId, artistId, isOpen: true, seq, reason: null, mergedIntoId: null, ...otherwise };
}
