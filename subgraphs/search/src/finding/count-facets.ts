import type { Deps } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { matches } from './matches-sql.ts';
import { type Answer, ownerOfAnswers } from './search-library.ts';

/** So many values of a facet are told, those of most tracks. */
const MOST = 50;

export interface FacetValue {
  readonly value: string;
  readonly name: string;
  readonly count: number;
}

export interface Facets {
  readonly genres: FacetValue[];
  readonly years: FacetValue[];
  readonly decades: FacetValue[];
  readonly artists: FacetValue[];
  readonly languages: FacetValue[];
}

/** How many of all the tracks that a search finds have which genre, year, artist and language. */
export async function countFacets(
  deps: Pick<Deps, 'db' | 'results'>,
  { terms, scope }: Answer,
): Promise<Facets> {
  if (!terms) return { genres: [], years: [], decades: [], artists: [], languages: [] };
  const { viewerId, filter, kinds } = scope;
  const { value } = await deps.results.answer(
    ['facets', await ownerOfAnswers(deps, viewerId), terms, filter, kinds],
    async () => {
      const rows = await deps.db.$queryRaw<(FacetValue & { facet: keyof Facets })[]>`
        WITH RECURSIVE ${matches(terms, scope)},
        found AS MATERIALIZED (
          SELECT i.genres, i.year, i.artist_id, i.artist_name, i.language
          FROM (SELECT DISTINCT id FROM matches WHERE kind = 'TRACK') m JOIN indexed_track i ON i.id = m.id
        )
        ${Prisma.join(Object.values(COUNTS), ' UNION ALL ')}`;
      const of = (facet: keyof Facets) =>
        rows
          .filter((row) => row.facet === facet)
          .map((row) => ({ value: row.value, name: row.name, count: row.count }));
      return {
        genres: of('genres'),
        years: of('years'),
        decades: of('decades'),
        artists: of('artists'),
        languages: of('languages'),
      };
    },
  );
  return value;
}

function countBy(facet: keyof Facets, value: string, name: string, from = 'found'): Prisma.Sql {
  return Prisma.raw(`(
    SELECT '${facet}' AS facet, ${value} AS value, ${name} AS name, count(*)::int AS count
    FROM ${from} WHERE ${value} IS NOT NULL GROUP BY 2 ORDER BY 4 DESC, 2 LIMIT ${MOST})`);
}

const COUNTS: Readonly<Record<keyof Facets, Prisma.Sql>> = {
  genres: countBy('genres', 'lower(g.name)', 'min(g.name)', 'found CROSS JOIN unnest(genres) AS g(name)'),
  years: countBy('years', 'year::text', 'min(year::text)'),
  decades: countBy('decades', '(year / 10 * 10)::text', "min((year / 10 * 10)::text) || 's'"),
  artists: countBy('artists', 'artist_id', 'min(artist_name)'),
  languages: countBy('languages', 'lower(language)', 'min(language)'),
};
