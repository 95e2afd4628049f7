import { createHash } from 'node:crypto';

import { CollectionNotFoundError, VECTOR_BATCH } from '@volna/platform/vectors';

import type { Deps } from '../context.ts';
import { decodeVector } from '../ranking/vector.ts';
import { EVERYBODY, textCollection } from './text-collection.ts';

type Needs = Pick<Deps, 'db' | 'vectors'>;

const FIELDS = { kind: 'keyword', seenBy: 'keyword' } as const;

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly ownerId: string;
  readonly isPublic: boolean;
  readonly isMerged: boolean;
  readonly vector: Uint8Array;
  readonly state: string;
}

/** Brings the vector store to what Postgres has: vectors that it lacks, whom each entry is shown to, what is gone. */
export async function storeTextVectors(deps: Needs, model: string): Promise<void> {
  const { db } = deps;
  await forgetGone(deps);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch in memory at a time
    const rows = await db.$queryRaw<Row[]>`
      SELECT * FROM (
        SELECT e.id, e.kind, e.owner_id AS "ownerId", e.is_public AS "isPublic", e.is_merged AS "isMerged", v.vector,
          v.stored_as, md5(e.owner_id || e.is_public::text || e.is_merged::text) AS state
        FROM text_vector v JOIN search_entry e ON e.id = v.id WHERE v.model = ${model} AND v.vector IS NOT NULL
      ) r WHERE r.stored_as IS DISTINCT FROM r.state ORDER BY r.id LIMIT ${VECTOR_BATCH}`;
    if (rows.length === 0) return;
    // oxlint-disable-next-line no-await-in-loop
    await store(deps, model, rows);
  }
}

/** What the store has lost is put into it again: the embedded one forgets everything at its end. */
export async function reconcileTextVectors({ db, vectors }: Needs, model: string): Promise<void> {
  const [row] = await db.$queryRaw<{ dimension: number; stored: number }[]>`
    SELECT octet_length(vector) / 4 AS dimension, count(stored_as)::int AS stored
    FROM text_vector WHERE model = ${model} AND vector IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1`;
  if (!row) return;
  const there = await vectors.count(textCollection(model, row.dimension)).catch(none);
  if (there < row.stored) await db.textVector.updateMany({ data: { storedAs: null } });
}

async function store({ db, vectors }: Needs, model: string, rows: readonly Row[]): Promise<void> {
  const points = rows.map((row) => ({
    id: pointOf(row.id),
    vector: [...decodeVector(row.vector)],
    payload: { entryId: row.id, kind: row.kind, seenBy: whoSees(row) },
  }));
  const dimension = points[0]?.vector.length ?? 0;
  const collection = textCollection(model, dimension);
  await vectors.ensureCollection(collection, dimension, FIELDS);
  await vectors.upsert(
    collection,
    points.filter(({ vector }) => vector.length === dimension),
  );
  await db.$executeRaw`
    UPDATE text_vector v SET stored_as = s.state
    FROM unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ state }) => state)}::text[],
      ${rows.map(({ vector }) => Buffer.from(vector))}::bytea[]) AS s(id, state, vector)
    WHERE v.id = s.id AND v.vector = s.vector`;
}

/** As `isVisible` has it. */
function whoSees({ ownerId, isPublic, isMerged }: Row): string[] {
  if (isPublic) return [EVERYBODY];
  return isMerged ? [] : [ownerId];
}

async function forgetGone({ db, vectors }: Needs): Promise<void> {
  const gone = await db.$queryRaw<{ id: string; model: string | null; dimension: number | null }[]>`
    SELECT v.id, v.model, octet_length(v.vector) / 4 AS dimension FROM text_vector v
    WHERE NOT EXISTS (SELECT FROM search_entry e WHERE e.id = v.id)`;
  for (const { id, model, dimension } of gone) {
    if (model !== null && dimension !== null)
      // oxlint-disable-next-line no-await-in-loop -- few
      await vectors.delete(textCollection(model, dimension), [pointOf(id)]).catch(none);
    // oxlint-disable-next-line no-await-in-loop
    await db.textVector.deleteMany({ where: { id } });
  }
}

function none(err: unknown): number {
  if (err instanceof CollectionNotFoundError) return 0;
  throw err;
}

/** Entries of several kinds may share the digits of an id. */
function pointOf(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
