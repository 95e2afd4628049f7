import unhomoglyph from 'unhomoglyph';

/**
 * The same for two names that look the same: the skeleton of UTS #39 over Unicode's table of confusables, without case.
 * `I` and `l` are one, because a name is shown in the case that its owner typed. For comparing only, not for people.
 */
export function lookAlikeKey(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase().normalize('NFD');
  return unhomoglyph(folded).normalize('NFD').toLowerCase().replaceAll(/[iıl]/g, 'l');
}
