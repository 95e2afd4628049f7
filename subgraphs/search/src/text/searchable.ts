import { normalise } from './normalise.ts';
import { foldSounds, transliterate } from './transliterate.ts';

/** One text in the three forms that entries and queries are compared in. */
export interface Searchable {
  readonly words: string;
  readonly latin: string;
  readonly sound: string;
}

export function toSearchable(text: string): Searchable {
  const words = normalise(text);
  const latin = transliterate(words);
  return { words, latin, sound: foldSounds(latin) };
}
