import type { EntryText, Judge } from './fit.ts';
import { fuseArms } from './fuse-arms.ts';
import type { ArmRank, Hit } from './types.ts';

/** The share of a score that ranks may take from what an entry fits by itself: they order what fits alike. */
const BY_RANK = 0.15;

/**
 * What the arms found, best first: all that has every word before whatever lacks some, then by how well each fits the
 * query, then by the arms' fused ranks.
 */
export function rankHits(
  judge: Judge,
  ranks: readonly (ArmRank & { readonly id: string })[],
  texts: ReadonlyMap<string, EntryText>,
): Hit[] {
  const judged = fuseArms(ranks).map((hit) => {
    const entry = texts.get(hit.id) ?? { titleLatin: '', titleSound: '', sound: '' };
    const { share, hasAll } = judge(entry, hit.arms);
    return { ...hit, hasAll, score: share * (1 - BY_RANK + BY_RANK * hit.score) };
  });
  const ordered = judged.toSorted((a, b) => Number(b.hasAll) - Number(a.hasAll) || b.score - a.score);
  const least = Math.min(1, ...ordered.flatMap(({ hasAll, score }) => (hasAll ? [score] : [])));
  return ordered.map(({ id, arms, hasAll, score }) => ({
    id,
    arms,
    score: hasAll ? score : Math.min(score, least),
  }));
}
