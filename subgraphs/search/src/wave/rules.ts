import { cosine } from '../ranking/vector.ts';
import type { Rule } from './decision.ts';
import type { Candidate, WaveSettings } from './state.ts';
import type { World } from './world.ts';

/** Any six tracks in a row are by six artists while there is a choice. */
export const ARTIST_WINDOW = 6;
/** At most so many of an album among so many picks in a row. */
const ALBUM_WINDOW = 20;
const MOST_OF_ALBUM = 2;
/** A track that was heard is left alone for a day. */
const REST_MS = 86_400_000;
/** Vectors this near are taken for two copies of one recording. */
const SAME_SOUND = 0.995;

/** What a wave has played or holds ready, in order. */
export interface PastPick {
  readonly trackId: string;
  readonly artistId: string;
  readonly recordingKey: string;
  readonly exploratory: boolean;
  readonly vector: Float32Array | null;
  readonly albumIds: readonly string[];
  /** All tracks of an item that was an album. */
  readonly trackIds?: readonly string[];
}

export type Test = (track: Candidate) => boolean;

/** What no pick may break, whatever is left: it is no wave of this listener's otherwise. */
export function isAllowed(settings: WaveSettings, notNow: readonly string[]): Test {
  const refused = new Set(notNow);
  const languages = settings.languages.map((language) => language.toLowerCase());
  return (track) =>
    !track.isDisliked &&
    !refused.has(track.id) &&
    !(settings.explicit === 'EXCLUDE' && track.explicit === true) &&
    !(settings.excludesAiSuspected && track.isAiSuspected) &&
    speaks(languages, track.language);
}

/** The rules of `isAllowed` that there was something to hold to. */
export function namesOfAllowed({ languages, explicit, excludesAiSuspected }: WaveSettings): Rule[] {
  return [
    'NOT_REFUSED' as const,
    ...(languages.length > 0 ? (['LANGUAGE'] as const) : []),
    ...(explicit === 'EXCLUDE' ? (['EXPLICIT'] as const) : []),
    ...(excludesAiSuspected ? (['NOT_AI_SUSPECTED'] as const) : []),
  ];
}

/** A track of no known language passes: music without words has none. `pt` takes `pt-BR` too. */
function speaks(languages: readonly string[], language: string | null): boolean {
  if (languages.length === 0 || language === null) return true;
  const spoken = language.toLowerCase();
  return languages.some((wanted) => spoken === wanted || spoken.startsWith(`${wanted}-`));
}

/** Tells what this wave has not played, in any upload, was not shaken off, and was not heard for a day. */
export function isRested(
  { settings, seed, now }: World,
  past: readonly PastPick[],
  shaken: readonly string[],
): Test {
  const played = new Set([
    ...shaken,
    ...past.flatMap(({ trackId, recordingKey, trackIds = [] }) => [trackId, recordingKey, ...trackIds]),
  ]);
  return (track) =>
    !(played.has(track.id) || played.has(track.recordingKey) || track.id === seed?.id) &&
    (settings.familiarity === 'FAVOURITE' || now.getTime() - heardMs(track) >= REST_MS);
}

export function isNewSound(past: readonly PastPick[]): Test {
  const vectors = past.slice(-ALBUM_WINDOW).flatMap(({ vector }) => (vector ? [vector] : []));
  return ({ vector }) => !vector || vectors.every((other) => cosine(other, vector) <= SAME_SOUND);
}

export function isAlbumSpaced(past: readonly PastPick[]): Test {
  const counts = new Map<string, number>();
  for (const albumId of past.slice(1 - ALBUM_WINDOW).flatMap(({ albumIds }) => albumIds))
    counts.set(albumId, (counts.get(albumId) ?? 0) + 1);
  return ({ albumIds }) => albumIds.every((albumId) => (counts.get(albumId) ?? 0) < MOST_OF_ALBUM);
}

/** `forgiven` of the artists that were heard lately may come again, the longest ago first. */
export function isArtistSpaced(past: readonly PastPick[], forgiven: number): Test {
  const recent = new Set(
    past
      .slice(1 - ARTIST_WINDOW)
      .map(({ artistId }) => artistId)
      .slice(forgiven),
  );
  return ({ artistId }) => !recent.has(artistId);
}

export const heardMs = ({ heardAt }: Candidate): number => heardAt?.getTime() ?? 0;
