import type { Deps } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { fuseArms } from './fuse-arms.ts';
import { matches, type Scope, type Terms } from './matches-sql.ts';
import { type Arm, ARMS, type Found, type Kind, KINDS, type Sort } from './types.ts';

/** Of each kind: what is ranked, and can be paged through. */
export const DEPTH = 150;

interface Row {
  readonly arm: Arm | null;
  readonly kind: Kind;
  /** Null in the row that has the total of its kind as `place`. */
  readonly id: string | null;
  readonly place: number;
  readonly score: number;
  /** Place in the order that was asked for. */
  readonly position: number;
}

/** What the words of a query find for a viewer, in one statement. */
export async function findMatches(
  { db }: Pick<Deps, 'db'>,
  terms: Terms,
  scope: Scope,
  sort: Sort,
): Promise<Record<Kind, Found>> {
  const rows = await db.$queryRaw<Row[]>`
    WITH RECURSIVE ${matches(terms, scope)},
    ranked AS (
      SELECT arm, kind, id, score, row_number() OVER (PARTITION BY arm, kind ORDER BY ${ORDER_OF_ARM}) AS place
      FROM ${sort === 'RELEVANCE' ? bestOfArms(scope) : Prisma.sql`matches`}
    ),
    best AS (${sort === 'RELEVANCE' ? Prisma.sql`SELECT *, place AS position FROM ranked` : bestInOrder(sort)}),
    -- those that were not found literally are few
    totals AS (
      SELECT kind, count(*) AS total FROM literal GROUP BY kind
      UNION ALL
      SELECT kind, count(DISTINCT id) FROM matches
      WHERE arm IN ('ALIKE', 'KEYBOARD') AND id NOT IN (SELECT id FROM literal) GROUP BY kind
    )
    SELECT arm, kind, id, place::int, score::float8, position::int FROM best
    UNION ALL
    SELECT NULL, kind, NULL, sum(total)::int, 0, 0 FROM totals GROUP BY kind`;
  return Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      toFound(
        rows.filter((row) => row.kind === kind),
        sort,
      ),
    ]),
  ) as Record<Kind, Found>;
}

/** By bytes, and not as the database's language sorts ids, which takes long. */
const ORDER_OF_ARM = Prisma.sql`score DESC, tie DESC, id COLLATE "C"`;

/** The first of each arm for each kind: without sorting all that was found. */
function bestOfArms({ kinds }: Scope): Prisma.Sql {
  return Prisma.sql`
    unnest(${[...ARMS]}::text[]) AS a(of_arm) CROSS JOIN unnest(${[...kinds]}::text[]) AS k(of_kind)
    CROSS JOIN LATERAL (
      SELECT * FROM matches m WHERE m.arm = a.of_arm AND m.kind = k.of_kind
      ORDER BY ${ORDER_OF_ARM} LIMIT ${DEPTH}
    ) first`;
}

const ORDERS: Readonly<Record<Exclude<Sort, 'RELEVANCE'>, Prisma.Sql>> = {
  // ids begin with the time at which they were made
  NEWEST: Prisma.sql`coalesce(i.created_at, to_timestamp(('x' || substr(e.id, 5, 12))::bit(48)::bigint / 1000.0)) DESC`,
  TITLE: Prisma.sql`s.title_words`,
  YEAR: Prisma.sql`e.year DESC NULLS LAST`,
  DURATION: Prisma.sql`i.duration_ms NULLS LAST`,
  POPULARITY: Prisma.sql`e.plays DESC`,
};

function bestInOrder(sort: Exclude<Sort, 'RELEVANCE'>): Prisma.Sql {
  return Prisma.sql`
    SELECT r.*, o.position FROM (
      SELECT e.id, row_number() OVER (PARTITION BY e.kind ORDER BY ${ORDERS[sort]}, e.id) AS position
      FROM (SELECT DISTINCT id FROM matches) m
      JOIN search_entry e ON e.id = m.id
      JOIN search_text s ON s.id = m.id AND s.version = (SELECT version FROM serving)
      LEFT JOIN indexed_track i ON i.id = m.id
    ) o JOIN ranked r ON r.id = o.id
    WHERE o.position <= ${DEPTH}`;
}

function toFound(rows: readonly Row[], sort: Sort): Found {
  const total = rows.find(({ id }) => id === null)?.place ?? 0;
  const positions = new Map(rows.map(({ id, position }) => [id, position]));
  const hits = fuseArms(
    rows.flatMap(({ arm, id, place, score }) => (arm && id ? [{ id, arm, rank: place, score }] : [])),
  );
  if (sort === 'RELEVANCE') return { total, hits: hits.slice(0, DEPTH) };
  const position = ({ id }: { id: string }) => positions.get(id) ?? 0;
  return { total, hits: hits.toSorted((a, b) => position(a) - position(b)) };
}
