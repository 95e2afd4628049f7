/** The scripts that people write today (UAX #31, recommended); a letter of any other is refused in usernames. */
const SCRIPTS = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Bopomofo',
  'Cyrillic',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Han',
  'Hangul',
  'Hebrew',
  'Hiragana',
  'Kannada',
  'Katakana',
  'Khmer',
  'Lao',
  'Latin',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan',
].map((name) => ({ name, test: new RegExp(`^\\p{Script_Extensions=${name}}$`, 'u') }));

/** Scripts that one name may mix, as East Asian writing does (UTS #39, highly restrictive). */
const MIXES = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

const COMMON = /^[\p{Script=Common}\p{Script=Inherited}]$/u;

/** Whether all letters are of one script, or of scripts that are written together: others are mixed to deceive. */
export function isOfOneScript(text: string): boolean {
  const letters = Array.from(text, scriptsOf).filter((scripts) => scripts !== null);
  const choices = [...SCRIPTS.map(({ name }) => [name]), ...MIXES];
  return choices.some((choice) => letters.every((scripts) => scripts.some((name) => choice.includes(name))));
}

/** Null for what belongs to none, as digits. */
function scriptsOf(letter: string): string[] | null {
  const scripts = SCRIPTS.filter(({ test }) => test.test(letter)).map(({ name }) => name);
  return scripts.length === 0 && COMMON.test(letter) ? null : scripts;
}
