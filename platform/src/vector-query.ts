import type { VectorTable } from './vector-table.ts';
import { fusedDepth, RANK_OFFSET, type VectorFilter, type VectorHit, type VectorTarget } from './vectors.ts';

/** What Qdrant answers of the same points. */
export function queryTable(
  table: VectorTable,
  target: VectorTarget,
  limit: number,
  filter: VectorFilter | undefined,
): VectorHit[] {
  if ('each' in target) {
    const depth = fusedDepth(limit);
    return fuse(target.each.map((vector) => table.query(Float32Array.from(vector), depth, filter))).slice(
      0,
      limit,
    );
  }
  const vector = 'like' in target ? blend(target.like, target.unlike ?? []) : Float32Array.from(target);
  return table.query(vector, limit, filter);
}

/** By how high each hit is in each list; of equals whoever comes first. */
function fuse(lists: readonly (readonly VectorHit[])[]): VectorHit[] {
  const fused = new Map<string, VectorHit>();
  for (const list of lists) {
    for (const [rank, hit] of list.entries()) {
      const score = (fused.get(hit.id)?.score ?? 0) + 1 / (rank + RANK_OFFSET);
      fused.set(hit.id, { ...hit, score });
    }
  }
  return [...fused.values()].toSorted((a, b) => b.score - a.score);
}

/** Qdrant's strategy `average_vector`. */
function blend(like: readonly (readonly number[])[], unlike: readonly (readonly number[])[]): Float32Array {
  const near = mean(like);
  if (unlike.length === 0) return near;
  const far = mean(unlike);
  return near.map((value, at) => 2 * value - (far[at] ?? 0));
}

function mean(vectors: readonly (readonly number[])[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [at, value] of vector.entries()) sum[at]! += value;
  return sum.map((value) => value / vectors.length);
}
