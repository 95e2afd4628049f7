const LATIN = '`qwertyuiop[]asdfghjkl;\'zxcvbnm,.~{}:"<>';
const CYRILLIC = 'ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю';

const SWAPPED = new Map<string, string>();
for (const [at, letter] of CYRILLIC.split('').entries()) {
  const key = LATIN.charAt(at);
  SWAPPED.set(key, letter);
  if (!SWAPPED.has(letter)) SWAPPED.set(letter, key);
}

/**
 * What the same keys give on the other of the two layouts, Latin and Russian: `rbyj` is «кино», «йгуут» is `queen`.
 * Null where letters of both scripts, or of neither, were typed.
 */
export function swapKeyboard(text: string): string | null {
  const typed = text.toLowerCase();
  const isLatin = /[a-z]/.test(typed);
  const isCyrillic = /[а-яё]/.test(typed);
  if (isLatin === isCyrillic) return null;
  return typed.replaceAll(/./gsu, (key) => SWAPPED.get(key) ?? key);
}
