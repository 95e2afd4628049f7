/**
 * What a title or a name is compared and sorted by: without case, accents and punctuation, and without the guests that
 * some tags name in the title.
 */
export function matchKey(text: string): string {
  return text
    .replaceAll(/[([]\s*(?:feat|ft|featuring)\b[^)\]]*[)\]]/gi, ' ')
    .replaceAll(/\s(?:feat|ft|featuring)\.?\s.*$/gi, ' ')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Genres are told apart without regard to case and outer spaces. */
export function genreKey(genre: string): string {
  return genre.normalize('NFKC').trim().toLowerCase();
}

/** A LIKE pattern for what begins with a text. */
export function prefixPattern(key: string): string {
  return `${key.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
