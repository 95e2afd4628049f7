import { cosine, toUnit } from '../ranking/vector.ts';

/** How much being popular counts beside standing for a whole neighbourhood. */
const POPULAR = 0.2;

export interface Place {
  readonly id: string;
  readonly artistId: string;
  readonly plays: number;
  readonly vector: Float32Array;
}

/**
 * So many tracks that lie as far from one another as there is room, each in the middle of what sounds like it and rather
 * one that is played: farthest points first, then the best of each one's neighbourhood. No artist twice while there are
 * others. The same for the same tracks.
 */
export function pickSpread(places: readonly Place[], count: number): Place[] {
  const ranked = places.toSorted((a, b) => b.plays - a.plays || (a.id < b.id ? -1 : 1));
  const centres = farthestPoints(ranked, count);
  const hoods = centres.map((): Place[] => []);
  for (const place of ranked) hoods[nearest(centres, place)]?.push(place);
  const maxPlays = ranked[0]?.plays ?? 0;
  const artists = new Set<string>();
  return hoods.flatMap((hood) => {
    const fresh = hood.filter(({ artistId }) => !artists.has(artistId));
    const best = middleOf(fresh.length > 0 ? fresh : hood, maxPlays);
    if (best) artists.add(best.artistId);
    return best ? [best] : [];
  });
}

/** Begins at the most played. */
function farthestPoints(ranked: readonly Place[], count: number): Place[] {
  const [first] = ranked;
  if (!first || count < 1) return [];
  const centres = [first];
  const closeness = ranked.map(({ vector }) => cosine(vector, first.vector));
  while (centres.length < Math.min(count, ranked.length)) {
    let farthest = -1;
    for (const [index, close] of closeness.entries()) {
      if (!centres.includes(ranked[index] as Place) && close < (closeness[farthest] ?? Infinity))
        farthest = index;
    }
    const next = ranked[farthest];
    if (!next) break;
    centres.push(next);
    for (const [index, { vector }] of ranked.entries())
      closeness[index] = Math.max(closeness[index] ?? -1, cosine(vector, next.vector));
  }
  return centres;
}

function nearest(centres: readonly Place[], { vector }: Place): number {
  let [best, most] = [0, -Infinity];
  for (const [index, centre] of centres.entries()) {
    const close = cosine(centre.vector, vector);
    if (close > most) [best, most] = [index, close];
  }
  return best;
}

function middleOf(hood: readonly Place[], maxPlays: number): Place | undefined {
  const [first] = hood;
  if (!first) return undefined;
  const sum = new Float32Array(first.vector.length);
  for (const { vector } of hood)
    for (const [axis, value] of vector.entries()) sum[axis] = (sum[axis] ?? 0) + value;
  const centre = toUnit(sum);
  const worth = ({ vector, plays }: Place) =>
    cosine(centre, vector) + (maxPlays > 0 ? (POPULAR * Math.log1p(plays)) / Math.log1p(maxPlays) : 0);
  return hood.reduce((best, place) => (worth(place) > worth(best) ? place : best), first);
}
