import { Prisma } from '../generated/prisma/client.ts';
import type { Searchable } from '../text/searchable.ts';
import { isVisible, passesFilter } from './filter-sql.ts';
import { rankOf, tsQuery } from './rank-sql.ts';
import { someQueries } from './some-words.ts';
import type { Filter, Kind } from './types.ts';

/** Of more words than these the rest are not looked for by their likeness. */
const MAX_ALIKE_WORDS = 8;
/** Of more words than these one that is like one of a text is too little. */
const MAX_SINGLE_WORDS = 3;
/** So many matches of what was typed, as it was typed, make looking for slips of the finger needless. */
const ENOUGH = 20;
/** So many things that have all words make looking for those that have some needless. */
const FEW = 5;
/** So many things at most are looked at that have some of the words: of two common words half a library has one. */
const MOST_PARTIAL = 100;

/** A query in the forms that entries are compared with. */
export interface Terms {
  readonly text: Searchable;
  /** What the same keys give on the other keyboard layout. */
  readonly swapped: Searchable | null;
  /** What means much the same, and how much; none where nobody was asked for it. */
  readonly near: readonly Near[];
}

/** An entry that a model holds for much the same as a query. */
export interface Near {
  readonly id: string;
  /** Cosine. */
  readonly score: number;
}

export interface Scope {
  readonly viewerId: string | null;
  readonly filter: Filter;
  readonly kinds: readonly Kind[];
}

/**
 * The tables of a WITH RECURSIVE, the last of which is `matches(arm, kind, id, score, tie)`: everything that the arms find, this
 * viewer may find and the filter lets through. `score` and then `tie` order an arm.
 */
export function matches({ text, swapped, near }: Terms, { viewerId, filter, kinds }: Scope): Prisma.Sql {
  const filtered = passesFilter(viewerId, filter);
  const found = Prisma.sql`${isVisible(viewerId)} AND e.kind = ANY (${[...kinds]})
    ${filtered ? Prisma.sql`AND ${filtered}` : Prisma.empty}`;
  return Prisma.sql`
    serving AS (SELECT version FROM search_version WHERE state = 'SERVING'),
    question AS (SELECT ${tsQuery(text)} AS words, ${swapped ? tsQuery(swapped) : Prisma.sql`''::tsquery`} AS swapped),
    literal AS MATERIALIZED (
      SELECT e.kind, e.id, e.plays,
        CASE WHEN s.title_words = ${text.words} THEN 1 WHEN s.title_latin = ${text.latin} THEN 0.9
          WHEN s.title_latin LIKE ${`${text.latin}%`} THEN 0.7
          WHEN s.title_latin LIKE ${`% ${text.latin}%`} THEN 0.5 END::float4 AS title_score,
        ${rankOf(text)} AS score
      FROM search_text s JOIN search_entry e ON e.id = s.id
      WHERE s.version = (SELECT version FROM serving) AND s.document @@ (SELECT words FROM question) AND ${found}
    ),
    alike_words AS MATERIALIZED (
      SELECT search_alike(${alikeWords(text)}::text[], (SELECT version FROM serving)) AS words
      WHERE (SELECT count(*) FROM literal) < ${ENOUGH}
    ),
    alike AS MATERIALIZED (
      SELECT e.kind, e.id, e.plays, word_similarity(${text.sound}, s.sound) AS likeness
      FROM search_text s JOIN search_entry e ON e.id = s.id
      WHERE s.version = (SELECT version FROM serving) AND s.document @@ (SELECT words FROM alike_words) AND ${found}
    ),
    ${partial(text, found)},
    keyboard AS (
      SELECT e.kind, e.id, e.plays,
        ${swapped ? rankOf(swapped) : Prisma.sql`0`} AS score
      FROM search_text s JOIN search_entry e ON e.id = s.id
      WHERE s.version = (SELECT version FROM serving) AND s.document @@ (SELECT swapped FROM question)
        AND (SELECT count(*) FROM literal) < ${ENOUGH} AND ${found}
    ),
    dense AS (
      SELECT e.kind, e.id, e.plays, n.score
      FROM unnest(${near.map(({ id }) => id)}::text[], ${near.map(({ score }) => score)}::float8[]) AS n(id, score)
      JOIN search_entry e ON e.id = n.id WHERE ${found}
    ),
    matches AS (
      SELECT 'TITLE' AS arm, kind, id, plays AS tie, title_score AS score FROM literal WHERE title_score IS NOT NULL
      UNION ALL SELECT 'WORDS', kind, id, plays, score FROM literal
      UNION ALL SELECT 'DENSE', kind, id, plays, score FROM dense
      UNION ALL SELECT 'ALIKE', kind, id, plays, likeness FROM alike
      UNION ALL SELECT 'SOME', kind, id, plays, score FROM partial
      UNION ALL SELECT 'KEYBOARD', kind, id, plays, score FROM keyboard
    )`;
}

/**
 * The table `partial(kind, id, plays, score)`: what has only some of the words, where few have all; where nothing has any
 * of them, what has one that is like one of them.
 */
function partial(text: Searchable, found: Prisma.Sql): Prisma.Sql {
  const queries = someQueries(text);
  if (!queries) return Prisma.sql`partial AS (SELECT kind, id, plays, score FROM literal WHERE FALSE)`;
  // no word of a text holds an operator
  const anyAlike =
    alikeWords(text).length > MAX_SINGLE_WORDS
      ? Prisma.sql`NULL::tsquery`
      : Prisma.sql`(SELECT replace(words::text, '&', '|')::tsquery FROM alike_words
          WHERE NOT EXISTS (SELECT FROM literal) AND NOT EXISTS (SELECT FROM alike))`;
  return Prisma.sql`few AS MATERIALIZED (SELECT ${queries.least} AS words),
    partial AS MATERIALIZED (
      SELECT e.kind, e.id, e.plays, ts_rank(s.document, (SELECT words FROM few), 1) AS score
      FROM search_some(${queries.most}, (SELECT words FROM few), ${anyAlike}, ${MOST_PARTIAL}::int) AS c(id)
      JOIN search_text s ON s.id = c.id AND s.version = (SELECT version FROM serving)
      JOIN search_entry e ON e.id = s.id
      WHERE (SELECT count(*) FROM literal) < ${FEW} AND s.id NOT IN (SELECT id FROM literal) AND ${found}
    )`;
}

/** What is long enough for letters of it to be wrong. */
function alikeWords({ sound }: Searchable): string[] {
  const words = sound.split(' ').filter((word) => word.length > 2);
  return [...new Set(words)].slice(0, MAX_ALIKE_WORDS);
}
