import { joinedWords } from './joined.ts';
import { toSearchable } from './searchable.ts';

/** How texts are prepared: one more whenever entries have to be prepared anew, which then happens by itself. */
export const TEXT_FORMAT = 3;

/** No more of the lyrics is searched: full text holds a megabyte at most. */
const MAX_LYRICS = 20_000;
const MAX_SOUND = 1_000;
/** So many words of a title may be what somebody begins to type. */
const MAX_KEYS = 8;
const MAX_KEY = 60;

/** All that an entry is found by. */
export interface EntryWords {
  readonly title: string;
  /** Of artists, main and credited. */
  readonly names: readonly string[];
  readonly albums: readonly string[];
  /** Genres and tags: found as whole words only. */
  readonly topics: readonly string[];
  readonly lyrics: string | null;
}

/** The columns of a `search_text`, and the keys of its `search_prefix`. */
export interface EntryTexts {
  readonly titleWords: string;
  readonly titleLatin: string;
  readonly titleSound: string;
  readonly sound: string;
  /** By the weights of full text: A title, B names, C albums and topics, D lyrics. */
  readonly document: { readonly a: string; readonly b: string; readonly c: string; readonly d: string };
  readonly keys: readonly string[];
  /** Every word but those of the lyrics, in Latin letters. */
  readonly words: readonly string[];
}

export function entryTexts({ title, names, albums, topics, lyrics }: EntryWords): EntryTexts {
  const own = toSearchable(title);
  const people = [...new Set(names)];
  const others = toSearchable(people.join(' '));
  const more = toSearchable(albums.join(' '));
  const about = toSearchable([...albums, ...topics].join(' '));
  return {
    titleWords: own.words,
    titleLatin: own.latin,
    titleSound: own.sound,
    sound: [own.sound, others.sound, more.sound].filter(Boolean).join(' ').slice(0, MAX_SOUND),
    document: {
      a: [bothScripts(own), ...joinedWords(own.latin)].join(' '),
      b: [bothScripts(others), ...people.flatMap((name) => joinedWords(toSearchable(name).latin))].join(' '),
      c: bothScripts(about),
      d: toSearchable(lyrics?.slice(0, MAX_LYRICS) ?? '').words,
    },
    keys: [...new Set([...keysOf(own.latin), ...keysOf(own.sound)])],
    words: [...new Set(`${own.latin} ${others.latin} ${about.latin}`.split(' ').filter(Boolean))],
  };
}

/** The first characters that a key is looked up by, or null for fewer. */
export function headOf(key: string): string | null {
  return /^.{3}/su.exec(key)?.[0] ?? null;
}

function bothScripts({ words, latin }: { readonly words: string; readonly latin: string }): string {
  return words === latin ? words : `${words} ${latin}`;
}

/** A text from each of its words on. */
function keysOf(text: string): string[] {
  const words = text.split(' ');
  return words
    .slice(0, MAX_KEYS)
    .map((_, at) => words.slice(at).join(' ').slice(0, MAX_KEY))
    .filter((key) => headOf(key) !== null);
}
