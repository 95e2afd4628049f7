import type { IndexKind, VectorPayload } from '@volna/platform/vectors';

import type { IndexedTrack } from '../generated/prisma/client.ts';
import { normalise } from '../text/normalise.ts';

/** What the vector store knows of a track beside its vector; with another set of fields `vector-names.ts` counts on. */
export const TRACK_FIELDS: Readonly<Record<string, IndexKind>> = {
  trackId: 'keyword',
  artistIds: 'keyword',
  isOpen: 'bool',
  genres: 'keyword',
  year: 'integer',
  tempo: 'float',
  key: 'keyword',
  energy: 'float',
  durationMs: 'integer',
  languages: 'keyword',
  explicit: 'bool',
  isAiSuspected: 'bool',
};

export function trackPayload(track: IndexedTrack): VectorPayload {
  return {
    trackId: track.id,
    artistIds: [...new Set([track.artistId, ...track.creditedIds])],
    isOpen: track.isOpen,
    genres: track.genres.map(normalise),
    year: track.year,
    tempo: track.tempo,
    key: track.musicalKey?.toLowerCase() ?? null,
    energy: track.energy,
    durationMs: track.durationMs,
    languages: withBroader(track.language),
    explicit: track.explicit ?? false,
    isAiSuspected: track.isAiSuspected,
  };
}

/** `zh-Hant-TW` is also `zh-Hant` and `zh`. */
function withBroader(language: string | null): string[] {
  const parts = language?.toLowerCase().split('-') ?? [];
  return parts.map((_part, at) => parts.slice(0, at + 1).join('-'));
}
