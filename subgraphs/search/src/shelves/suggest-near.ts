import { type Affinity, readAffinities } from '../collaborative/read-affinities.ts';
import type { Deps } from '../context.ts';
import { findSimilar, type Neighbour } from '../domain/find-similar.ts';
import type { TasteSource } from '../wave/state.ts';
import { type KnownTrack, readKnownTracks } from './read-known-tracks.ts';
import type { ShelfReason } from './stored-shelf.ts';

/** What listeners say is worth this much beside the sound itself, and what the weaker of the two adds. */
const LISTENERS = 0.9;
const BOTH = 0.3;

export interface ShelfAnchor {
  readonly trackId: string;
  readonly source: TasteSource;
  readonly weight: number;
}

export interface Suggestion {
  readonly track: KnownTrack;
  /** About 0–1.5, comparable within one answer. */
  readonly score: number;
  readonly reason: ShelfReason;
}

/**
 * Open tracks that sound like these anchors or that their listeners like besides, best first, each recording once; none of
 * the anchors, and nothing that the listener refuses. In a handful of statements, however many anchors there are.
 */
export async function suggestNear(
  deps: Pick<Deps, 'db' | 'vectors'>,
  userId: string,
  anchors: readonly ShelfAnchor[],
  perAnchor: number,
): Promise<Suggestion[]> {
  const byId = new Map(anchors.map((anchor) => [anchor.trackId, anchor]));
  const [similar, affinities] = [
    await findSimilar(deps, userId, [...byId.keys()], perAnchor),
    await readAffinities(deps.db, anchors),
  ];
  const sounds = loudest(byId, similar);
  const ids = new Set([...sounds.keys(), ...affinities.keys()]);
  const known = await readKnownTracks(deps, userId, ids);
  const found = [...known.values()]
    .filter(({ id, isRefused }) => !isRefused && !byId.has(id))
    .map((track) => weigh(track, sounds.get(track.id), affinities.get(track.id)))
    .toSorted((a, b) => b.score - a.score || (a.track.id < b.track.id ? -1 : 1));
  return onePerRecording(found);
}

interface Sound {
  readonly value: number;
  readonly reason: ShelfReason;
}

/** The anchor that speaks loudest for each of its neighbours. */
function loudest(
  anchors: ReadonlyMap<string, ShelfAnchor>,
  similar: ReadonlyMap<string, readonly Neighbour[] | null>,
): Map<string, Sound> {
  const sounds = new Map<string, Sound>();
  for (const { trackId: anchorId, source, weight } of anchors.values()) {
    for (const { id, score: similarity } of similar.get(anchorId) ?? []) {
      const value = weight * similarity;
      if (value > (sounds.get(id)?.value ?? 0))
        sounds.set(id, { value, reason: { kind: 'LIKED', anchorId, source, similarity } });
    }
  }
  return sounds;
}

/** The stronger of the two is the reason. */
function weigh(track: KnownTrack, sound: Sound | undefined, affinity: Affinity | undefined): Suggestion {
  const heard = sound?.value ?? 0;
  const said = LISTENERS * (affinity?.score ?? 0);
  const score = Math.max(heard, said) + BOTH * Math.min(heard, said);
  if (affinity && (!sound || said > heard)) {
    const { anchorId, support } = affinity;
    return { track, score, reason: { kind: 'LISTENERS', anchorId, support } };
  }
  return { track, score, reason: sound?.reason ?? { kind: 'FRESH' } };
}

function onePerRecording(suggestions: readonly Suggestion[]): Suggestion[] {
  const seen = new Set<string>();
  return suggestions.filter(({ track: { recordingKey } }) => {
    if (seen.has(recordingKey)) return false;
    seen.add(recordingKey);
    return true;
  });
}

/** At most so many by each artist, in the same order. */
export function atMostPerArtist(suggestions: readonly Suggestion[], most: number): Suggestion[] {
  const counts = new Map<string, number>();
  return suggestions.filter(({ track: { artistId } }) => {
    const count = (counts.get(artistId) ?? 0) + 1;
    counts.set(artistId, count);
    return count <= most;
  });
}
