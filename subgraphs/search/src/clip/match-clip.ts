/** One place in a track that sounds like one second of a clip. */
export interface SegmentHit {
  readonly trackId: string;
  /** Where in the clip, and where in the track. */
  readonly clipSecond: number;
  readonly trackSecond: number;
  /** Cosine. */
  readonly score: number;
}

export interface ExactMatch {
  readonly trackId: string;
  /** Mean cosine of the places that agree. */
  readonly score: number;
  /** Where in the track the clip begins. */
  readonly offsetMs: number;
}

/** A recording is recognised when this share of the clip's places agrees on where the clip begins. */
const MIN_SHARE = 0.5;
const MIN_VOTES = 2;
const MIN_SCORE = 0.65;
/** Two uploads of one recording score nearly the same; what is further below the best only resembles it. */
const MAX_BELOW_BEST = 0.1;

/**
 * A clip of one place has nothing that could agree with it: it must be near, and all other tracks far behind, but
 * those that are as near, uploads of the same recording. Unrelated music has been seen up to 0.7, and the right track
 * at 0.84 and more where it is faster by a twentieth.
 */
const LONE_SCORE = 0.78;
const LONE_AHEAD = 0.1;
const AS_NEAR = 0.02;

/**
 * The tracks that a clip was cut from: places that only resemble each other vote for a different beginning
 * each, those of one recording for the same.
 */
export function matchClip(clipSeconds: number, hits: readonly SegmentHit[]): ExactMatch[] {
  if (clipSeconds === 1) return matchLonePlace(hits);
  const votes = new Map<string, Map<number, Map<number, number>>>();
  for (const { trackId, clipSecond, trackSecond, score } of hits) {
    const beginnings = getOrAdd(votes, trackId, () => new Map<number, Map<number, number>>());
    const places = getOrAdd(beginnings, trackSecond - clipSecond, () => new Map<number, number>());
    places.set(clipSecond, Math.max(score, places.get(clipSecond) ?? 0));
  }
  const needed = Math.max(MIN_VOTES, Math.ceil(clipSeconds * MIN_SHARE));
  const found = [...votes]
    .flatMap(([trackId, beginnings]) => {
      const best = bestBeginning(beginnings);
      if (!best || best.votes < needed || best.score < MIN_SCORE) return [];
      return [{ trackId, score: Math.min(1, best.score), offsetMs: Math.max(0, best.second) * 1000 }];
    })
    .toSorted((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1));
  return found.filter(({ score }) => score >= (found[0]?.score ?? 0) - MAX_BELOW_BEST);
}

function matchLonePlace(hits: readonly SegmentHit[]): ExactMatch[] {
  const best = new Map<string, SegmentHit>();
  for (const hit of hits)
    if (hit.score > (best.get(hit.trackId)?.score ?? LONE_SCORE)) best.set(hit.trackId, hit);
  const top = Math.max(...[...best.values()].map(({ score }) => score));
  const same = [...best.values()].filter(({ score }) => score >= top - AS_NEAR);
  const others = hits.filter(({ trackId }) => !same.some((hit) => hit.trackId === trackId));
  if (others.some(({ score }) => score > top - LONE_AHEAD)) return [];
  return same
    .map(({ trackId, score, trackSecond, clipSecond }) => ({
      trackId,
      score: Math.min(1, score),
      offsetMs: Math.max(0, trackSecond - clipSecond) * 1000,
    }))
    .toSorted((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1));
}

interface Beginning {
  readonly second: number;
  readonly votes: number;
  readonly score: number;
}

/** The second that most places vote for; a place between two seconds may vote for either. */
function bestBeginning(beginnings: ReadonlyMap<number, ReadonlyMap<number, number>>): Beginning | null {
  let best: Beginning | null = null;
  for (const [second, own] of beginnings) {
    const scores = [...new Map([...(beginnings.get(second + 1) ?? []), ...own]).values()];
    const score = scores.reduce((sum, value) => sum + value, 0) / scores.length;
    const isBetter =
      !best || scores.length > best.votes || (scores.length === best.votes && score > best.score);
    if (isBetter) best = { second, votes: scores.length, score };
  }
  return best;
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
