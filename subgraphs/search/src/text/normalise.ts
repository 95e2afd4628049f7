const LETTERS: Readonly<Record<string, string>> = {
  ё: 'е',
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
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/**
 * The words of a text in small letters, without accents and punctuation, one blank between them. Entries and
 * queries are compared in this form; it is made here and not by the database, whose `lower` and `unaccent`
 * depend on its locale.
 */
export function normalise(text: string): string {
  return stripAccents(text.normalize('NFKC').toLowerCase())
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/['’ʼ`´]/gu, '')
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** й is a letter of its own, and ё is told from е by `LETTERS`; marks of other scripts are parts of letters. */
function stripAccents(text: string): string {
  // most texts have none, and this is called for each word that is shown
  if (/^[\0-\x7Fа-яё]*$/u.test(text)) return text;
  return text
    .replaceAll(/[^йё]+/gu, (run) => run.normalize('NFD').replaceAll(/[\u0300-\u036F]/gu, ''))
    .normalize('NFC');
}
