/** What words are compared by where case does not matter. */
export function foldWord(word: string): string {
  return word.normalize('NFC').trim().toLowerCase();
}

/** The words of a track beside what they are found by. */
export function withTagKeys(tags: readonly string[]): { tags: string[]; tagKeys: string[] } {
  return { tags: [...new Set(tags)], tagKeys: [...new Set(tags.map(foldWord))] };
}

/** What genres are compared by: `Hip-Hop`, `hip hop` and `HipHop` are one. */
export function genreKey(name: string): string {
  const letters = name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
  return letters === '' ? foldWord(name) : letters;
}
