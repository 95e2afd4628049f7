import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import { trackCollection } from '../vector-names.ts';
import type { Anchor, AnchorState, Candidate } from '../wave/state.ts';

/** A library of up to so many tracks is weighed whole; of a larger one a pool is drawn. */
const WHOLE_LIBRARY = 1_000;
const POOL_ANCHORS = 10;
const POOL_PER_ANCHOR = 60;
const POOL_PER_LIST = 100;
const POOL_AT_RANDOM = 300;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly artistId: string;
  readonly artistName: string;
  readonly recordingKey: string;
  readonly genres: string[];
  readonly tempo: number | null;
  readonly energy: number | null;
  readonly valence: number | null;
  readonly plays: number;
  readonly createdAt: Date;
  readonly embeddingModel: string | null;
  readonly embedding: Uint8Array | null;
  readonly reaction: string | null;
  readonly heardAt: Date | null;
}

export interface Library {
  readonly anchors: Anchor[];
  readonly candidates: Candidate[];
}

/** The open tracks that a wave may play and those that it measures by, as one listener knows them. */
export async function readLibrary(
  deps: Pick<Deps, 'vectors'>,
  tx: Transaction,
  userId: string,
  anchors: readonly AnchorState[],
  randomSeed: number,
): Promise<Library> {
  const anchorRows = await readRows(
    tx,
    userId,
    // one that was hidden while the wave runs is named no more
    Prisma.sql`t.id = ANY (${anchors.map(({ trackId }) => trackId)}) AND (t.is_open OR t.owner_id = ${userId})`,
  );
  const byId = new Map(anchorRows.map((row) => [row.id, row]));
  const total = await tx.indexedTrack.count({ where: { isOpen: true } });
  const scope =
    total <= WHOLE_LIBRARY ? Prisma.sql`TRUE` : await drawPool(deps, userId, anchors, byId, randomSeed);
  const unblocked = Prisma.sql`t.artist_id NOT IN (SELECT b.artist_id FROM blocked_artist b WHERE b.user_id = ${userId})`;
  const rows = await readRows(tx, userId, Prisma.sql`t.is_open AND ${unblocked} AND ${scope}`);
  const model = commonModel(anchorRows.length > 0 ? anchorRows : rows);
  return {
    candidates: rows.map((row) => toCandidate(row, model)),
    anchors: anchors.flatMap((anchor) => {
      const row = byId.get(anchor.trackId);
      return row ? [{ ...toCandidate(row, model), ...anchor }] : [];
    }),
  };
}

function readRows(tx: Transaction, userId: string, where: Prisma.Sql): Promise<Row[]> {
  return tx.$queryRaw<Row[]>`
    SELECT t.id, t.title, t.artist_id AS "artistId", t.artist_name AS "artistName",
      t.recording_key AS "recordingKey", t.genres, t.tempo, t.energy, t.valence, t.plays,
      t.created_at AS "createdAt", t.embedding_model AS "embeddingModel", t.embedding,
      r.reaction, l.last_at AS "heardAt"
    FROM indexed_track t
    LEFT JOIN (
      SELECT DISTINCT ON (coalesce(said.merged_into_id, said.id))
        coalesce(said.merged_into_id, said.id) AS track_id, given.reaction
      FROM reaction given JOIN indexed_track said ON said.id = given.track_id
      WHERE given.user_id = ${userId}
      ORDER BY coalesce(said.merged_into_id, said.id), given.at DESC
    ) r ON r.track_id = t.id
    LEFT JOIN listen l ON l.user_id = ${userId} AND l.track_id = t.id
    WHERE ${where}
    ORDER BY t.id`;
}

/** What is near to the strongest anchors, popular, new or liked, and some tracks by the wave's own dice. */
async function drawPool(
  { vectors }: Pick<Deps, 'vectors'>,
  userId: string,
  anchors: readonly AnchorState[],
  byId: ReadonlyMap<string, Row>,
  randomSeed: number,
): Promise<Prisma.Sql> {
  const strongest = anchors
    .toSorted((a, b) => b.weight - a.weight)
    .flatMap(({ trackId }) => byId.get(trackId) ?? [])
    .filter(({ embedding }) => embedding !== null)
    .slice(0, POOL_ANCHORS);
  const near = await Promise.all(strongest.map((row) => readNear(vectors, row)));
  return Prisma.sql`t.id IN (
    SELECT unnest(${near.flat()}::text[])
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY plays DESC, id DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY created_at DESC, id DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT track_id FROM taste_anchor WHERE user_id = ${userId} ORDER BY at DESC LIMIT ${POOL_PER_LIST})
    UNION (SELECT id FROM indexed_track WHERE is_open ORDER BY md5(id || ${String(randomSeed)}) LIMIT ${POOL_AT_RANDOM}))`;
}

/** A store that does not answer makes the wave poorer but does not end it. */
async function readNear(vectors: Deps['vectors'], { embedding, embeddingModel }: Row): Promise<string[]> {
  try {
    const vector = [...decodeVector(embedding ?? new Uint8Array())];
    const hits = await vectors.query(trackCollection(embeddingModel ?? ''), vector, POOL_PER_ANCHOR);
    return hits.map(({ payload }) => String(payload.trackId));
  } catch (err) {
    logger.warn({ err }, 'vector store does not answer: a wave goes on without it');
    return [];
  }
}

/** Vectors of different models cannot be compared: those of the commonest are used. */
function commonModel(rows: readonly Row[]): string | null {
  const counts = new Map<string, number>();
  for (const { embeddingModel } of rows) {
    if (embeddingModel) counts.set(embeddingModel, (counts.get(embeddingModel) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function toCandidate({ embedding, embeddingModel, reaction, ...row }: Row, model: string | null): Candidate {
  return {
    ...row,
    vector: embedding && embeddingModel === model ? decodeVector(embedding) : null,
    isLiked: reaction === 'LIKE',
    isDisliked: reaction === 'DISLIKE',
  };
}
