/** Damps how much the first ranks count; the value of the paper (Cormack et al., 2009). */
const K = 60;

export interface Ranking {
  /** How much this list is trusted beside the others. */
  readonly weight: number;
  /** Best first. */
  readonly ids: readonly string[];
}

export interface Scored {
  readonly id: string;
  /** 1 for what all lists have first. */
  readonly score: number;
}

/** One list of several by reciprocal rank; equal scores keep the order of the lists. */
export function fuse(rankings: readonly Ranking[]): Scored[] {
  const best = rankings.reduce((sum, { weight }) => sum + weight / (K + 1), 0);
  const sums = new Map<string, number>();
  for (const { weight, ids } of rankings) {
    for (const [index, id] of ids.entries()) sums.set(id, (sums.get(id) ?? 0) + weight / (K + index + 1));
  }
  return [...sums].map(([id, sum]) => ({ id, score: sum / best })).toSorted((a, b) => b.score - a.score);
}
