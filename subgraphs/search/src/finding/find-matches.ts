import type { Deps } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { createJudge, type EntryText, type Judge } from './fit.ts';
import { matches, type Scope, type Terms } from './matches-sql.ts';
import { rankHits } from './rank-hits.ts';
import { type Arm, type ArmRank, ARMS, type Found, type Hit, type Kind, KINDS, type Sort } from './types.ts';

/** So many of each arm make the first page of a kind. */
const DEPTH = 150;
/** Of each kind: what can be given at once, and what can be paged through. */
export const [HEAD, DEEP] = [100, 1_000];

interface Row {
  readonly arm: Arm | null;
  readonly kind: Kind;
  /** Null in the row that has the total of its kind as `place`. */
  readonly id: string | null;
  readonly place: number;
  readonly score: number;
  /** Place in the order that was asked for. */
  readonly position: number;
  /** In one row of each kind, those of all that was found. */
  readonly texts: Readonly<Record<string, EntryText>> | null;
}

/**
 * What the words of a query find for a viewer, in one statement: the first hundred of each kind, or all that can be paged
 * through, which begins with the same hundred.
 */
export async function findMatches(
  { db }: Pick<Deps, 'db'>,
  terms: Terms,
  scope: Scope,
  sort: Sort,
  most: number = HEAD,
): Promise<Record<Kind, Found>> {
  const depth = most === HEAD ? DEPTH : DEEP;
  const rows = await db.$queryRaw<Row[]>`
    WITH RECURSIVE ${matches(terms, scope)},
    ranked AS (
      SELECT arm, kind, id, score, row_number() OVER (PARTITION BY arm, kind ORDER BY ${ORDER_OF_ARM}) AS place
      FROM ${sort === 'RELEVANCE' ? bestOfArms(scope, depth) : Prisma.sql`matches`}
    ),
    best AS (${sort === 'RELEVANCE' ? Prisma.sql`SELECT *, place AS position FROM ranked` : bestInOrder(sort, depth)}),
    -- those that were not found literally are few
    totals AS (
      SELECT kind, count(*) AS total FROM literal GROUP BY kind
      UNION ALL
      SELECT kind, count(DISTINCT id) FROM matches
      WHERE arm IN ('DENSE', 'ALIKE', 'SOME', 'KEYBOARD') AND id NOT IN (SELECT id FROM literal) GROUP BY kind
    )
    SELECT arm, kind, id, place::int, score::float8, position::int, NULL::json AS texts FROM best
    UNION ALL
    SELECT NULL, b.kind, '', 0, 0, 0, json_object_agg(
      s.id, json_build_object('titleLatin', s.title_latin, 'titleSound', s.title_sound, 'sound', s.sound))
    FROM (SELECT DISTINCT kind, id FROM best) b
    JOIN search_text s ON s.id = b.id AND s.version = (SELECT version FROM serving)
    GROUP BY b.kind
    UNION ALL
    SELECT NULL, kind, NULL, sum(total)::int, 0, 0, NULL FROM totals GROUP BY kind`;
  const judge = createJudge(terms);
  const found = (kind: Kind) =>
    toFound(
      judge,
      rows.filter((row) => row.kind === kind),
      sort,
      most,
    );
  return Object.fromEntries(KINDS.map((kind) => [kind, found(kind)])) as Record<Kind, Found>;
}

/** By bytes, and not as the database's language sorts ids, which takes long. */
const ORDER_OF_ARM = Prisma.sql`score DESC, tie DESC, id COLLATE "C"`;

/** The first of each arm for each kind: without sorting all that was found. */
function bestOfArms({ kinds }: Scope, depth: number): Prisma.Sql {
  return Prisma.sql`
    unnest(${[...ARMS]}::text[]) AS a(of_arm) CROSS JOIN unnest(${[...kinds]}::text[]) AS k(of_kind)
    CROSS JOIN LATERAL (
      SELECT * FROM matches m WHERE m.arm = a.of_arm AND m.kind = k.of_kind
      ORDER BY ${ORDER_OF_ARM} LIMIT ${depth}
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

function bestInOrder(sort: Exclude<Sort, 'RELEVANCE'>, depth: number): Prisma.Sql {
  return Prisma.sql`
    SELECT r.*, o.position FROM (
      SELECT e.id, row_number() OVER (PARTITION BY e.kind ORDER BY ${ORDERS[sort]}, e.id) AS position
      FROM (SELECT DISTINCT id FROM matches) m
      JOIN search_entry e ON e.id = m.id
      JOIN search_text s ON s.id = m.id AND s.version = (SELECT version FROM serving)
      LEFT JOIN indexed_track i ON i.id = m.id
    ) o JOIN ranked r ON r.id = o.id
    WHERE o.position <= ${depth}`;
}

function toFound(judge: Judge, rows: readonly Row[], sort: Sort, most: number): Found {
  const total = rows.find(({ id }) => id === null)?.place ?? 0;
  const ranks = rows.flatMap(({ arm, id, place, score }) =>
    arm && id ? [{ id, arm, rank: place, score }] : [],
  );
  const texts = new Map(rows.flatMap((row) => Object.entries(row.texts ?? {})));
  const inOrder: InOrder = (some) => rankHits(judge, some, texts);
  if (sort === 'RELEVANCE') return { total, hits: inOneOrder(ranks, inOrder).slice(0, most) };
  const positions = new Map(rows.flatMap(({ arm, id, position }) => (arm ? [[id, position] as const] : [])));
  const position = ({ id }: Hit) => positions.get(id) ?? 0;
  return {
    total,
    hits: inOrder(ranks)
      .toSorted((a, b) => position(a) - position(b))
      .slice(0, most),
  };
}

type Rank = ArmRank & { readonly id: string };
type InOrder = (ranks: readonly Rank[]) => Hit[];

/** The first hundred are the same however deep the arms were read, so that one page follows the other. */
function inOneOrder(ranks: readonly Rank[], inOrder: InOrder): Hit[] {
  const head = inOrder(ranks.filter(({ rank }) => rank <= DEPTH)).slice(0, HEAD);
  const given = new Set(head.map(({ id }) => id));
  const least = head.at(-1)?.score ?? 1;
  const rest = inOrder(ranks).filter(({ id }) => !given.has(id));
  return [...head, ...rest.map((hit) => ({ ...hit, score: Math.min(hit.score, least) }))];
}
