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

/** Of the query itself or, where that was found by nothing, of what the other keyboard layout makes of it. */
export function fitOf(
  { text, swapped }: { readonly text: Searchable; readonly swapped: Searchable | null },
  entry: EntryText,
  arms: readonly Pick<ArmRank, 'arm' | 'score'>[],
): Fit {
  const has = (arm: Arm) => arms.some((rank) => rank.arm === arm);
  const dense = MEANS * Math.min(1, arms.find(({ arm }) => arm === 'DENSE')?.score ?? 0);
  const typed = fitOfWords(text, entry, has('WORDS') ? ELSEWHERE : 0);
  const other = swapped && has('KEYBOARD') ? fitOfWords(swapped, entry, ELSEWHERE) : null;
  const share = Math.max(LEAST, typed.share, dense, OTHER_LAYOUT * (other?.share ?? 0));
  return { share, hasAll: typed.hasAll || dense > 0 || other !== null };
}

/** `otherwise` is what a word counts for that stands neither in the title nor in a name. */
function fitOfWords(query: Searchable, entry: EntryText, otherwise: number): Fit {
  if (bare(query.latin) === bare(entry.titleLatin))
    return { share: query.latin === entry.titleLatin ? 1 : SOUNDS, hasAll: true };
  const wanted = wordsOf(query.latin, query.sound).slice(0, MAX_WORDS);
  const title = wordsOf(entry.titleLatin, entry.titleSound);
  const names = wordsIn(entry.sound.slice(entry.titleSound.length)).map((sound) => ({ latin: '', sound }));
  const isJoined = bare(entry.titleLatin).startsWith(bare(query.latin));
  const found = wanted.map((word, at) => {
    const isLast = at === wanted.length - 1;
    const inTitle = isJoined ? BEGINS : likeliest(word, title, isLast);
    const counts = Math.max(inTitle, IN_NAMES * likeliest(word, names, isLast), otherwise);
    return { counts, inTitle, weight: isFiller(word.latin) ? FILLER : 1 };
  });
  const weight = sum(found.map((word) => word.weight));
  if (weight === 0) return { share: otherwise, hasAll: otherwise > 0 };
  const share = sum(found.map((word) => word.weight * word.counts)) / weight;
  const ofTitle = Math.min(1, found.filter(({ inTitle }) => inTitle > 0).length / Math.max(1, title.length));
  return {
    share: share * (PART_OF_TITLE + (1 - PART_OF_TITLE) * ofTitle),
    hasAll: found.every(({ counts, weight: heavy }) => counts > 0 || heavy < 1),
  };
}

/** How like a word the likeliest of some words is, 0–1. */
function likeliest(word: Word, words: readonly Word[], isLast: boolean): number {
  return words.reduce((most, other) => Math.max(most, likeness(word, other, isLast)), 0);
}

function likeness(typed: Word, word: Word, isLast: boolean): number {
  if (typed.latin === word.latin) return 1;
  if (typed.sound === word.sound) return SOUNDS;
  if (isLast && word.sound.startsWith(typed.sound)) return BEGINS;
  const longest = Math.max(typed.sound.length, word.sound.length);
  if (
    typed.sound.length < 3 ||
    Math.abs(typed.sound.length - word.sound.length) > longest * (1 - LEAST_LIKENESS)
  )
    return 0;
  const like = 1 - distance(typed.sound, word.sound) / longest;
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
