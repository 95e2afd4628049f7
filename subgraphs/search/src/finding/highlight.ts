import { toSearchable } from '../text/searchable.ts';
import { distance } from './distance.ts';

/** A stretch of a text in UTF-16 code units, as JavaScript counts: from `start` up to, without, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Two words are one but for a slip where so much of the longer is left to change. */
const SLIP = 0.34;

/** Where the words of a query stand in a text: the beginning of a word that was typed so far, or a whole word that is alike. */
export function highlight(text: string, query: string): Range[] {
  const typed = toSearchable(query);
  const wanted = typed.latin
    .split(' ')
    .filter(Boolean)
    .map((latin) => ({ latin, sound: toSearchable(latin).sound }));
  return [...text.matchAll(/[\p{L}\p{N}\p{M}'’ʼ`´]+/gu)].flatMap(({ 0: word, index }) => {
    const end = wanted.reduce((most, term) => Math.max(most, matchedLength(word, term)), 0);
    return end > 0 ? [{ start: index, end: index + end }] : [];
  });
}

interface Term {
  readonly latin: string;
  readonly sound: string;
}

/** How much of a word a term stands for, in code units; 0 for nothing. */
function matchedLength(word: string, { latin, sound }: Term): number {
  const own = toSearchable(word);
  if (own.latin === '' || latin === '') return 0;
  if (own.latin.startsWith(latin))
    return shortest(word, (part) => toSearchable(part).latin.startsWith(latin));
  if (own.sound === sound) return word.length;
  if (sound.length >= 3 && own.sound.startsWith(sound)) {
    return shortest(word, (part) => toSearchable(part).sound.startsWith(sound));
  }
  const most = Math.floor(Math.max(own.sound.length, sound.length) * SLIP);
  return sound.length >= 4 && distance(own.sound, sound) <= most ? word.length : 0;
}

/** The length of the shortest beginning of a word that is enough; whole characters with their marks. */
function shortest(word: string, isEnough: (part: string) => boolean): number {
  for (const { index, 0: letter } of word.matchAll(/\P{M}\p{M}*/gu)) {
    const end = index + letter.length;
    if (isEnough(word.slice(0, end))) return end;
  }
  return word.length;
}
