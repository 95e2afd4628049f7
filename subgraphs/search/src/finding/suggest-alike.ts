import type { Deps } from '../context.ts';
import type { Searchable } from '../text/searchable.ts';
import { isVisible } from './filter-sql.ts';
import { createJudge, type EntryText } from './fit.ts';
import type { Suggestion } from './suggest.ts';

/** Titles that are held against what was typed; each has one of the eight words that are most like each typed one. */
const DEPTH = 200;
const MAX_WORDS = 6;

interface Row extends Suggestion {
  readonly text: string;
  readonly plays: number;
  readonly titleLatin: string;
  readonly titleSound: string;
}

/** Titles and names that have, for each word that is typed, one that is much like it: the likest first, then the most played. */
export async function suggestAlike(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
  typed: Searchable,
  first: number,
): Promise<Suggestion[]> {
  const words = typed.sound.split(' ').filter((word) => word.length > 2);
  if (words.length === 0) return [];
  const rows = await db.$queryRaw<Row[]>`
    WITH serving AS (SELECT version FROM search_version WHERE state = 'SERVING'),
    alike AS MATERIALIZED (
      SELECT search_alike(${[...new Set(words)].slice(0, MAX_WORDS)}::text[], (SELECT version FROM serving)) AS words
    )
    SELECT e.title AS text, e.kind, e.id, e.plays, s.title_latin AS "titleLatin", s.title_sound AS "titleSound"
    FROM search_text s JOIN search_entry e ON e.id = s.id
    WHERE s.version = (SELECT version FROM serving) AND s.document @@ (SELECT words FROM alike)
      AND ts_filter(s.document, '{a}') @@ (SELECT words FROM alike) AND ${isVisible(viewerId)}
    LIMIT ${DEPTH}`;
  const judge = createJudge({ text: typed, swapped: null });
  const judged = rows.map((row) => ({ ...row, fit: judge(ownText(row), []) }));
  const seen = new Set<string>();
  return judged
    .filter(({ fit }) => fit.hasAll)
    .toSorted((a, b) => b.fit.share - a.fit.share || b.plays - a.plays || (a.id < b.id ? -1 : 1))
    .flatMap(({ text, kind, id, titleLatin }) => {
      const said = `${kind} ${titleLatin}`;
      if (seen.has(said)) return [];
      seen.add(said);
      return [{ text, kind, id }];
    })
    .slice(0, first);
}

const ownText = ({ titleLatin, titleSound }: Row): EntryText => ({
  titleLatin,
  titleSound,
  sound: titleSound,
});
