import { cosine, toUnit } from '../ranking/vector.ts';

const ROUNDS = 8;

/**
 * Unit vectors in so many groups that sound alike (k-means on the sphere), the largest first; gives indexes. It begins at
 * the first vector and goes on at the farthest, so that the same vectors give the same groups.
 */
export function clusterSounds(vectors: readonly Float32Array[], count: number): number[][] {
  let centres = farthest(vectors, count);
  let groups: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    groups = centres.map(() => []);
    for (const [index, vector] of vectors.entries()) groups[nearest(centres, vector)]?.push(index);
    centres = groups.map(
      (group, at) => meanOf(group.map((index) => vectors[index])) ?? (centres[at] as Float32Array),
    );
  }
  return groups.filter((group) => group.length > 0).toSorted((a, b) => b.length - a.length);
}

function farthest(vectors: readonly Float32Array[], count: number): Float32Array[] {
  const [first] = vectors;
  if (!first) return [];
  const centres = [first];
  const closeness = vectors.map((vector) => cosine(first, vector));
  while (centres.length < Math.min(count, vectors.length)) {
    const next = vectors[closeness.indexOf(Math.min(...closeness))];
    if (!next) break;
    centres.push(next);
    for (const [index, vector] of vectors.entries())
      closeness[index] = Math.max(closeness[index] ?? -1, cosine(next, vector));
  }
  return centres;
}

function nearest(centres: readonly Float32Array[], vector: Float32Array): number {
  const closeness = centres.map((centre) => cosine(centre, vector));
  return closeness.indexOf(Math.max(...closeness));
}

function meanOf(vectors: readonly (Float32Array | undefined)[]): Float32Array | null {
  const [first] = vectors;
  if (!first) return null;
  const sum = new Float32Array(first.length);
  for (const vector of vectors)
    for (const [axis, value] of (vector ?? []).entries()) sum[axis] = (sum[axis] ?? 0) + value;
  return toUnit(sum);
}
