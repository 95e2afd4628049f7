import type { Library } from './make-library.ts';

/** What people type: titles, their beginnings, artists with a word of a title, slips of the finger, another script, one common word. */
export function makeQueries(library: Library, count: number, random: () => number): string[] {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const kinds = [
    () => pick(library.titles),
    () => pick(library.titles).slice(0, 4 + Math.floor(random() * 5)),
    () => `${pick(library.artists)} ${pick(pick(library.titles).split(' '))}`,
    () => misspell(pick(library.titles), random),
    () => toLatin(pick(library.titles)),
    () => pick(library.latin.slice(0, 200)),
  ];
  return Array.from({ length: count }, (_, at) => kinds[at % kinds.length]?.() ?? '');
}

/** A letter left out. */
function misspell(text: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (text.length - 1));
  return text.slice(0, at) + text.slice(at + 1);
}

const LETTERS = new Map([
  ...'абвгдезиклмнопрстуфхы'
    .split('')
    .map((letter, at) => [letter, 'abvgdeziklmnoprstufhy'.charAt(at)] as const),
  ['ж', 'zh'],
  ['ч', 'ch'],
  ['ш', 'sh'],
  ['ь', ''],
]);

function toLatin(text: string): string {
  return text.replaceAll(/[а-я]/g, (letter) => LETTERS.get(letter) ?? letter);
}
