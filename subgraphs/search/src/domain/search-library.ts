import { ClientError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { fuse, type Scored } from '../ranking/fuse.ts';
import { normalise } from '../text/normalise.ts';
import { type Searchable, toPrefixQuery, toSearchable } from '../text/searchable.ts';

const MAX_QUERY = 200;
/** Candidates of each kind that one way of matching may give. */
const DEPTH = 300;
/** Of all kinds together: what the filter leaves of them is ranked. */
const ALIKE_DEPTH = 2_000;
/** So many matches of what was typed, as it was typed, make looking for slips of the finger needless. */
const ENOUGH = 50;
/** An entry that begins with what was typed says more than one that merely resembles it. */
const WEIGHTS = { BEGINS: 2, WORDS: 1, ALIKE: 1 } as const;

export interface Filter {
  readonly genre?: string | null | undefined;
  readonly yearFrom?: number | null | undefined;
  readonly yearTo?: number | null | undefined;
  readonly artistId?: string | null | undefined;
}

const KINDS = ['TRACK', 'ARTIST', 'ALBUM', 'PLAYLIST'] as const;
type Kind = (typeof KINDS)[number];

interface Match {
  readonly way: keyof typeof WEIGHTS;
  readonly kind: Kind;
  readonly id: string;
}

/** What the words of a query find, best first, for each kind of thing. */
export async function searchLibrary(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
  query: string,
  filter: Filter,
): Promise<Record<Kind, Scored[]>> {
  if (query.length > MAX_QUERY) {
    throw new ClientError('BAD_USER_INPUT', `a query has at most ${MAX_QUERY} characters`);
  }
  const text = toSearchable(query);
  const matches = text.words ? await db.$queryRaw<Match[]>(findMatches(text, viewerId, filter)) : [];
  return Object.fromEntries(KINDS.map((kind) => [kind, rank(matches, kind)])) as Record<Kind, Scored[]>;
}

function rank(matches: readonly Match[], kind: Kind): Scored[] {
  const ways = Object.entries(WEIGHTS).map(([way, weight]) => ({
    weight,
    ids: matches.filter((match) => match.kind === kind && match.way === way).map(({ id }) => id),
  }));
  // a way that found nothing is no reason to score the others lower
  return fuse(ways.filter(({ ids }) => ids.length > 0));
}

/** Three ways of matching in one statement, each with its own order. */
function findMatches(text: Searchable, viewerId: string | null, filter: Filter): Prisma.Sql {
  const where = visible(viewerId, filter);
  return Prisma.sql`
    WITH
    begins AS (
      SELECT e.kind, e.id, row_number() OVER (PARTITION BY e.kind ORDER BY
        e.title_words = ${text.words} DESC, e.title_latin = ${text.latin} DESC,
        e.title_latin LIKE ${`${text.latin}%`} DESC, e.plays DESC, e.id) AS place
      FROM search_entry e
      WHERE (e.title_latin LIKE ${`${text.latin}%`} OR e.title_latin LIKE ${`% ${text.latin}%`}) AND ${where}
    ),
    question AS (
      SELECT to_tsquery('simple', ${toPrefixQuery(text.words)}) || to_tsquery('simple', ${toPrefixQuery(text.latin)})
        || plainto_tsquery('russian', ${text.words}) || plainto_tsquery('english', ${text.words}) AS words
    ),
    words AS (
      SELECT e.kind, e.id, row_number() OVER (PARTITION BY e.kind ORDER BY
        ts_rank(e.document, q.words, 1) DESC, e.plays DESC, e.id) AS place
      FROM search_entry e, question q
      WHERE e.document @@ q.words AND ${where}
    ),
    alike AS (
      SELECT e.kind, e.id, row_number() OVER (PARTITION BY e.kind ORDER BY
        a.likeness DESC, similarity(${text.sound}, e.title_sound) DESC, e.plays DESC, e.id) AS place
      FROM search_alike(${text.sound}, ${ALIKE_DEPTH}) a JOIN search_entry e ON e.id = a.id
      WHERE (SELECT count(*) FROM begins) + (SELECT count(*) FROM words) < ${ENOUGH} AND ${where}
    )
    SELECT 'BEGINS' AS way, kind, id, place FROM begins WHERE place <= ${DEPTH}
    UNION ALL SELECT 'WORDS', kind, id, place FROM words WHERE place <= ${DEPTH}
    UNION ALL SELECT 'ALIKE', kind, id, place FROM alike WHERE place <= ${DEPTH}
    ORDER BY way, kind, place`;
}

/**
 * What this viewer may find and the filter lets through. An artist or an album passes a filter with a track
 * that passes it; of a playlist the index knows no tracks, so that none passes.
 */
function visible(viewerId: string | null, filter: Filter): Prisma.Sql {
  const own = Prisma.sql`(e.is_public OR e.owner_id = ${viewerId})`;
  const passes = trackPasses(filter);
  if (!passes) return own;
  return Prisma.sql`${own} AND CASE e.kind
    WHEN 'TRACK' THEN ${passes('e')}
    WHEN 'ARTIST' THEN EXISTS (
      SELECT FROM search_entry t WHERE t.kind = 'TRACK' AND t.artist_id = e.id AND ${passes('t')})
    WHEN 'ALBUM' THEN EXISTS (
      SELECT FROM album_tracks a JOIN search_entry t ON t.id = ANY (a.track_ids)
      WHERE a.album_id = e.id AND ${passes('t')})
    ELSE FALSE END`;
}

/** The condition on a track, or null for a filter that asks for nothing. */
function trackPasses({
  genre,
  yearFrom,
  yearTo,
  artistId,
}: Filter): ((alias: 'e' | 't') => Prisma.Sql) | null {
  const conditions = [
    genre != null && ['genre_keys @> ', [normalise(genre)]],
    yearFrom != null && ['year >= ', yearFrom],
    yearTo != null && ['year <= ', yearTo],
    artistId != null && ['artist_id = ', artistId],
  ].filter((condition) => condition !== false) as [string, unknown][];
  if (conditions.length === 0) return null;
  return (alias) =>
    Prisma.join(
      conditions.map(([test, value]) => Prisma.sql`${Prisma.raw(`${alias}.${test}`)}${value}`),
      ' AND ',
    );
}
