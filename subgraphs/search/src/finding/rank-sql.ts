import { Prisma } from '../generated/prisma/client.ts';
import { asJoined, joinedWords, joinings } from '../text/joined.ts';
import type { Searchable } from '../text/searchable.ts';

/** What a word counts by where it stands: D lyrics, C albums and topics, B names, A title. */
const PLACE_WEIGHTS = '{0.02, 0.15, 0.5, 1}';
/** The words after these count for finding, and not for the order. */
const MAX_RANKED_WORDS = 8;

/** All of the words, the last of which may be unfinished, as they are, in Latin letters, written apart or together, or by their stems. */
export function tsQuery({ words, latin }: Searchable): Prisma.Sql {
  // a soft sign by itself is nothing in Latin letters
  const written = [...new Set([words, latin, ...joinings(latin)])].filter((text) => text.trim() !== '');
  const literal = written.map((text) => `(${prefixQuery(text)})`).join(' | ');
  return Prisma.sql`(to_tsquery('simple', ${literal}) || plainto_tsquery('russian', ${words}))`;
}

/** A `to_tsquery` of all the words; they hold no operators. */
function prefixQuery(normal: string): string {
  const words = normal.split(' ').filter(Boolean);
  return words.map((word, at) => anyForm([word, asJoined(word)], at === words.length - 1)).join(' & ');
}

function anyForm(forms: readonly (string | null)[], isBeginning: boolean): string {
  const given = [...new Set(forms)].filter((form) => form !== null && form !== '');
  return `(${given.map((form) => (isBeginning ? `${form}:*` : form)).join(' | ')})`;
}

interface Word {
  readonly forms: readonly string[];
  readonly word: string;
  readonly isBeginning: boolean;
}

/**
 * How well the document of a `search_text s` fits a query: for each word how often and where it stands, less and less for
 * each further time and for a longer document, times how rare the word is (the idf of BM25; Robertson & Zaragoza, 2009).
 * Words that stand side by side count as one more.
 */
export function rankOf({ words, latin }: Searchable): Prisma.Sql {
  const [written, inLatin] = [words.split(' '), latin.split(' ')];
  const all = written.slice(0, MAX_RANKED_WORDS).map((word, at) => ({
    forms: [...new Set([word, inLatin[at] || word])],
    word,
    isBeginning: at === written.length - 1,
  }));
  const [only] = all;
  if (only && all.length === 1) {
    const joined = asJoined(latin);
    const plain = rankOfWord(only);
    return joined ? Prisma.sql`greatest(${plain}, ${rankOfForms([joined], true)})` : plain;
  }
  const besides = [...joinings(latin).flatMap((text) => text.split(' ')), ...joinedWords(latin)];
  const beside = besides.filter((word) => word !== '' && !inLatin.includes(word));
  return Prisma.sql`(${Prisma.join(
    [
      ...all.map((word) => Prisma.sql`${rarityOf(word)} * ${rankOfWord(word)}`),
      ...(beside.length > 0
        ? [Prisma.sql`(${Prisma.join(all.map(rarityOf), ' + ')}) * ${rankOfForms(beside, true)}`]
        : []),
    ],
    ' + ',
  )})::float4`;
}

function rankOfWord({ forms, word, isBeginning }: Word): Prisma.Sql {
  const literal = anyForm(forms, isBeginning);
  return tsRank(Prisma.sql`to_tsquery('simple', ${literal}) || plainto_tsquery('russian', ${word})`);
}

function rankOfForms(forms: readonly string[], isBeginning: boolean): Prisma.Sql {
  return tsRank(Prisma.sql`to_tsquery('simple', ${anyForm(forms, isBeginning)})`);
}

/** Postgres' own measure: of one word the best place, and ever less for each other one; by the logarithm of the length. */
function tsRank(query: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`ts_rank(${PLACE_WEIGHTS}::float4[], s.document, (SELECT ${query}), 1)`;
}

/** The idf of a word in any of its forms, by the last count; 1 for each until there is one. Computed once a statement. */
function rarityOf({ forms, word, isBeginning }: Word): Prisma.Sql {
  const begun = isBeginning ? Prisma.sql`OR t.word LIKE ${`${forms.at(-1)}%`}` : Prisma.empty;
  return Prisma.sql`coalesce((
    SELECT ln((n.documents + 1) / (0.5 + least(n.documents, (
      SELECT coalesce(max(t.documents), 0) FROM search_term t
      WHERE t.word = ANY (${[...forms]}::text[] || tsvector_to_array(to_tsvector('russian', ${word}))) ${begun}))))
    FROM search_statistics n LIMIT 1), 1)::float8`;
}
