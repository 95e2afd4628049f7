import { toSearchable } from './searchable.ts';

/** The text columns of a `search_entry`. */
export interface EntryTexts {
  readonly title: string;
  readonly titleWords: string;
  readonly titleLatin: string;
  readonly titleSound: string;
  readonly words: string;
  readonly latin: string;
  readonly sound: string;
}

/** `names` are other names that it is found by; `topics` are found as whole words only. */
export function entryTexts(
  title: string,
  names: readonly string[],
  topics: readonly string[] = [],
): EntryTexts {
  const own = toSearchable(title);
  const all = toSearchable([title, ...names].join(' '));
  return {
    title,
    titleWords: own.words,
    titleLatin: own.latin,
    titleSound: own.sound,
    words: [all.words, toSearchable(topics.join(' ')).words].filter(Boolean).join(' '),
    latin: all.latin,
    sound: all.sound,
  };
}
