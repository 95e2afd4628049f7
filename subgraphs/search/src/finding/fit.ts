import { isFiller } from '../text/filler.ts';
import type { Searchable } from '../text/searchable.ts';
import { distance } from './distance.ts';
import type { Arm, ArmRank } from './types.ts';

/** The words of an entry, as `search_text` has them; the title's own sound begins that of the whole. */
export interface EntryText {
  readonly titleLatin: string;
  readonly titleSound: string;
  readonly sound: string;
}

/** A query, and what the same keys give on the other keyboard layout. */
export interface Asked {
  readonly text: Searchable;
  readonly swapped: Searchable | null;
}

/** How well an entry fits a query. */
export interface Fit {
  /** 0–1, without regard to what else was found: 1 for the very title. */
  readonly share: number;
  /** No word of the query is missing. */
  readonly hasAll: boolean;
}

/** What a word counts for by where it stands; names of people and of albums are one place. */
const [IN_NAMES, ELSEWHERE] = [0.65, 0.35];
/** A word by its sound, one that is not finished, and one that is only like it. */
const [SOUNDS, BEGINS, IS_LIKE] = [0.97, 0.95, 0.85];
/** Less likeness is none. */
const LEAST_LIKENESS = 0.6;
const FILLER = 0.2;
/** What a title counts for of which next to nothing was asked for. */
const PART_OF_TITLE = 0.85;
/** What only means the same, and what was typed on the other keyboard layout. */
const [MEANS, OTHER_LAYOUT] = [0.5, 0.8];
const LEAST = 0.01;
const MAX_WORDS = 12;

interface Word {
  readonly latin: string;
  readonly sound: string;
}

/** Judges entries by a query; what was worked out for one is remembered for the next, since many have the same words. */
export type Judge = (entry: EntryText, arms: readonly Pick<ArmRank, 'arm' | 'score'>[]) => Fit;

/** Of the query itself or, where that was found by nothing, of what the other keyboard layout makes of it. */
export function createJudge({ text, swapped }: Asked): Judge {
  const judgeTyped = createWordsJudge(text);
  const judgeSwapped = swapped && createWordsJudge(swapped);
  return (entry, arms) => {
    const has = (arm: Arm) => arms.some((rank) => rank.arm === arm);
    const dense = MEANS * Math.min(1, arms.find(({ arm }) => arm === 'DENSE')?.score ?? 0);
    const typed = judgeTyped(entry, has('WORDS') ? ELSEWHERE : 0);
    const other = judgeSwapped && has('KEYBOARD') ? judgeSwapped(entry, ELSEWHERE) : null;
    const share = Math.max(LEAST, typed.share, dense, OTHER_LAYOUT * (other?.share ?? 0));
    return { share, hasAll: typed.hasAll || dense > 0 || other !== null };
  };
}

/** `otherwise` is what a word counts for that stands neither in the title nor in a name. */
function createWordsJudge(query: Searchable): (entry: EntryText, otherwise: number) => Fit {
  const wanted = wordsOf(query.latin, query.sound).slice(0, MAX_WORDS);
  const whole = bare(query.latin);
  const weights = wanted.map(({ latin }) => (isFiller(latin) ? FILLER : 1));
  const weight = sum(weights);
  const likenesses = wanted.map((word, at) => createLikeness(word, at === wanted.length - 1));
  return (entry, otherwise) => {
    const title = bare(entry.titleLatin);
    if (whole === title) return { share: query.latin === entry.titleLatin ? 1 : SOUNDS, hasAll: true };
    if (weight === 0) return { share: otherwise, hasAll: otherwise > 0 };
    const words = wordsOf(entry.titleLatin, entry.titleSound);
    const names = wordsIn(entry.sound.slice(entry.titleSound.length));
    const isJoined = title.startsWith(whole);
    const found = likenesses.map((like) => {
      const inTitle = isJoined ? BEGINS : most(words, (word) => like(word.sound, word.latin));
      // what is in the title needs not be looked for in names
      const inNames = inTitle >= IN_NAMES ? 0 : IN_NAMES * most(names, like);
      return { inTitle, counts: Math.max(inTitle, inNames, otherwise) };
    });
    const share = sum(found.map(({ counts }, at) => counts * (weights[at] ?? 0))) / weight;
    const ofTitle = Math.min(
      1,
      found.filter(({ inTitle }) => inTitle > 0).length / Math.max(1, words.length),
    );
    return {
      share: share * (PART_OF_TITLE + (1 - PART_OF_TITLE) * ofTitle),
      hasAll: found.every(({ counts }, at) => counts > 0 || weights[at] === FILLER),
    };
  };
}

function most<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  let value = 0;
  for (const item of items) value = Math.max(value, valueOf(item));
  return value;
}

/** How like a word of a query a word is, 0–1; of names only the sound is known. */
function createLikeness({ latin, sound }: Word, isLast: boolean): (sound: string, latin?: string) => number {
  const known = new Map<string, number>();
  return (otherSound, otherLatin) => {
    if (otherLatin === latin) return 1;
    const remembered = known.get(otherSound);
    if (remembered !== undefined) return remembered;
    const value = likeness(sound, otherSound, isLast);
    known.set(otherSound, value);
    return value;
  };
}

function likeness(typed: string, word: string, isLast: boolean): number {
  if (typed === word) return SOUNDS;
  if (isLast && word.startsWith(typed)) return BEGINS;
  const longest = Math.max(typed.length, word.length);
  const isFar = Math.abs(typed.length - word.length) > longest * (1 - LEAST_LIKENESS);
  if (typed.length < 3 || isFar) return 0;
  const like = 1 - distance(typed, word) / longest;
  return like >= LEAST_LIKENESS ? IS_LIKE * like : 0;
}

/** Both forms have the same words, of which one may be nothing in Latin letters. */
function wordsOf(latin: string, sound: string): Word[] {
  const sounds = sound.split(' ');
  return latin
    .split(' ')
    .flatMap((word, at) => (word === '' ? [] : [{ latin: word, sound: sounds[at] ?? word }]));
}

const wordsIn = (text: string): string[] => text.split(' ').filter(Boolean);
const bare = (text: string): string => text.replaceAll(' ', '');
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
