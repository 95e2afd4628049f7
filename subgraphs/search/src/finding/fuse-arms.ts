import { type Arm, type ArmRank, ARMS, type Hit } from './types.ts';

/** Damps how much the first ranks count; the value of the paper (Cormack et al., 2009). */
const K = 60;
/** A title that begins with what was typed says more than words that are in it; a slip of the layout says little. */
const WEIGHTS: Readonly<Record<Arm, number>> = {
  TITLE: 2,
  WORDS: 1,
  DENSE: 1,
  ALIKE: 1,
  SOME: 1,
  KEYBOARD: 0.5,
};

/** What an arm adds to a score before all are brought to 0–1. */
function worth({ arm, rank }: Pick<ArmRank, 'arm' | 'rank'>): number {
  return WEIGHTS[arm] / (K + rank);
}

/** One list of the arms' by reciprocal rank, best first; equal scores keep the order of the ranks. */
export function fuseArms(ranks: readonly (ArmRank & { readonly id: string })[]): Hit[] {
  // an arm that found nothing is no reason to score what the others found lower
  const present = ARMS.filter((arm) => ranks.some((rank) => rank.arm === arm));
  const best = present.reduce((sum, arm) => sum + worth({ arm, rank: 1 }), 0);
  const byId = new Map<string, ArmRank[]>();
  for (const { id, ...rank } of ranks) {
    const of = byId.get(id);
    if (of) of.push(rank);
    else byId.set(id, [rank]);
  }
  return [...byId]
    .map(([id, arms]) => ({
      id,
      arms: arms.toSorted((a, b) => ARMS.indexOf(a.arm) - ARMS.indexOf(b.arm)),
      score: arms.reduce((sum, rank) => sum + worth(rank), 0) / best,
    }))
    .toSorted((a, b) => b.score - a.score || (a.arms[0]?.rank ?? 0) - (b.arms[0]?.rank ?? 0));
}
