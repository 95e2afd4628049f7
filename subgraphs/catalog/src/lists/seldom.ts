import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';

const { sql } = Prisma;

/** Fewer tracks than these are looked up one by one: statistics know too little of what is so seldom. */
const SELDOM = 500;

/** Passes tracks with one of these genres, by key. */
export async function withGenre(db: Database, keys: readonly string[]): Promise<Prisma.Sql> {
  const few = await db.$queryRaw<{ id: string }[]>`
    SELECT page.track_id AS id FROM unnest(${keys}::text[]) AS wanted (key) CROSS JOIN LATERAL (
      SELECT track_id FROM track_genre WHERE name_key = wanted.key ORDER BY track_id LIMIT ${SELDOM + 1}
    ) AS page LIMIT ${SELDOM + 1}`;
  return idsOr(few, sql`track.genre_keys && ${keys}::text[]`);
}

/** Passes tracks with this tag, by key. */
export async function withTag(db: Database, key: string): Promise<Prisma.Sql> {
  const wanted = sql`ARRAY[${key}]::text[]`;
  const condition = sql`track.tag_keys @> ${wanted}`;
  const [known] = await db.$queryRaw<{ isFrequent: boolean | null }[]>`
    SELECT ${key} = ANY(most_common_elems::text::text[]) AS "isFrequent" FROM pg_stats
    WHERE schemaname = current_schema() AND tablename = 'track' AND attname = 'tag_keys'`;
  if (known?.isFrequent) return condition;
  // the same twice over: to the planner so little is left that it goes by the index, which alone is fast for nothing
  const few = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM track WHERE tag_keys @> ${wanted} AND tag_keys && ${wanted} LIMIT ${SELDOM + 1}`;
  return idsOr(few, condition);
}

function idsOr(few: readonly { readonly id: string }[], condition: Prisma.Sql): Prisma.Sql {
  if (few.length > SELDOM) return condition;
  return sql`track.id = ANY(${[...new Set(few.map(({ id }) => id))]}::text[])`;
}
