const MARKS = /(\p{Script=Latin})\p{M}+/gu;
const NO_WORD = /[^\p{L}\p{N}\p{M}]+/gu;
/** Latin letters that Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const WHOLE_LETTERS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/**
 * What names are found again by: without case, widths, the accents of Latin letters, and the difference between
 * spaces and punctuation. A name of punctuation alone, such as `!!!`, stays as it is.
 */
export function nameKeyOf(name: string): string {
  const folded = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(WHOLE_LETTERS, (letter) => LETTERS[letter] ?? '');
  const plain = folded.normalize('NFD').replace(MARKS, '$1').normalize('NFC');
  return plain.replace(NO_WORD, ' ').trim() || folded.replace(/\s+/gu, ' ').trim();
}
