import type { VectorHit } from '@volna/platform/vectors';

import type { Deps } from '../context.ts';
import type { Filter } from '../finding/types.ts';
import { askVectors, trackOf } from '../sonic/ask-vectors.ts';
import { type KnownTrack, readKnown } from '../sonic/known-hits.ts';
import { readSounds } from '../sonic/read-sounds.ts';
import { toVectorFilter } from '../sonic/to-vector-filter.ts';
import { offered } from './may-be-offered.ts';

/** Other uploads of the same recording are dropped from the answer: this many are asked for beyond it. */
const SPARE = 12;

export interface Neighbour {
  readonly id: string;
  /** Cosine, 0–1. */
  readonly score: number;
}

/**
 * The nearest open tracks of each of several that the viewer may hear, of those that pass a filter, in two or three
 * statements however many there are. Empty for a track that has no vector; null where the vector store does not answer.
 */
export async function findSimilar(
  { db, vectors }: Pick<Deps, 'db' | 'vectors'>,
  viewerId: string | null,
  trackIds: readonly string[],
  first: number,
  filter: Filter = {},
): Promise<Map<string, Neighbour[] | null>> {
  const sounds = [...(await readSounds(db, viewerId, trackIds)).values()];
  const passes = offered(await toVectorFilter(db, filter));
  const questions = sounds.map(({ model, vector, id }) => ({
    model,
    target: vector,
    limit: first + SPARE,
    filter: { ...passes, noneOf: { trackId: [id] } },
  }));
  const answers = await askVectors(vectors, questions);
  const known = await readKnown(
    db,
    answers.flatMap((hits) => hits ?? []),
  );
  return new Map(
    sounds.map((sound, at) => {
      const hits = answers[at];
      return [sound.id, hits ? pickNeighbours(sound, hits, known).slice(0, first) : null];
    }),
  );
}

/** Best first, without tracks that are gone or closed, and each recording once. */
function pickNeighbours(
  track: Pick<KnownTrack, 'recordingKey'>,
  hits: readonly VectorHit[],
  known: ReadonlyMap<string, KnownTrack>,
): Neighbour[] {
  const seen = new Set([track.recordingKey]);
  return hits.flatMap((hit) => {
    const neighbour = known.get(trackOf(hit));
    if (!neighbour || seen.has(neighbour.recordingKey)) return [];
    seen.add(neighbour.recordingKey);
    return [{ id: neighbour.id, score: Math.min(1, Math.max(0, hit.score)) }];
  });
}
