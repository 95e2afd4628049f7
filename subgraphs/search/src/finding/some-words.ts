import { Prisma } from '../generated/prisma/client.ts';
import { isFiller } from '../text/filler.ts';
import type { Searchable } from '../text/searchable.ts';

/** Of more words than these the rest is not looked for one by one. */
const MAX_WORDS = 6;

/** What has some of the words of a query: nearly all of them, and at least so many that the rest may be a mistake. */
export interface SomeQueries {
  readonly most: Prisma.Sql;
  readonly least: Prisma.Sql;
}

/** Null for a query of one word. Words that every other text has are not looked for. */
export function someQueries({ words, latin }: Searchable): SomeQueries | null {
  const inLatin = latin.split(' ');
  const all = words.split(' ').map((word, at) => ({
    forms: [...new Set([word, inLatin[at] ?? ''])].filter((form) => form !== ''),
    word,
    isFiller: isFiller(word),
  }));
  const last = all.at(-1);
  const wanted = all.filter((word) => !word.isFiller).slice(0, MAX_WORDS);
  if (all.length < 2 || wanted.length === 0) return null;
  const asked = wanted.map(
    (word) => `(${word.forms.map((form) => (word === last ? `${form}:*` : form)).join(' | ')})`,
  );
  const need = (count: number) => {
    const literal = combinations(asked, count)
      .map((some) => `(${some.join(' & ')})`)
      .join(' | ');
    return Prisma.sql`to_tsquery('simple', ${literal})`;
  };
  const least = Math.ceil(wanted.length / 3);
  const stems = Prisma.join(
    wanted.map(({ word }) => Prisma.sql`plainto_tsquery('russian', ${word})`),
    ' || ',
  );
  return {
    most: need(Math.max(least, wanted.length - 1)),
    least: least === 1 ? Prisma.sql`(${need(1)} || ${stems})` : need(least),
  };
}

function combinations(of: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return of.flatMap((first, at) => combinations(of.slice(at + 1), count - 1).map((rest) => [first, ...rest]));
}
