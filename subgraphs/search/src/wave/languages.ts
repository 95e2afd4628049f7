import { ENGLISH } from './english.ts';
import { RUSSIAN } from './russian.ts';
import type { Words } from './words.ts';

const LANGUAGES = { en: ENGLISH, ru: RUSSIAN } as const;
export type Language = keyof typeof LANGUAGES;

/** What everything that is said to listeners is said in. */
export const wordsOf = (language: Language): Words => LANGUAGES[language];

/** The language for somebody who reads these (Accept-Language): the first of them that there are words in. */
export function readLanguage(acceptLanguage = ''): Language {
  const read = acceptLanguage.split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return read.find((tag) => tag === 'en' || tag === 'ru') === 'ru' ? 'ru' : 'en';
}

export const capitalise = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
