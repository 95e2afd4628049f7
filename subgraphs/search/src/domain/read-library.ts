import { readAffinities } from '../collaborative/read-affinities.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import type { Anchor, AnchorState, Candidate, WaveAlbum } from '../wave/state.ts';
import { drawPool } from './draw-pool.ts';
import { readAlbums } from './read-albums.ts';
import { commonModel } from './read-taste.ts';

/** A library of up to so many tracks is weighed whole; of a larger one a pool is drawn. */
const WHOLE_LIBRARY = 1_000;

/** A track as one listener knows it. */
export interface LibraryRow {
  readonly id: string;
  readonly title: string;
  readonly artistId: string;
  readonly artistName: string;
  readonly recordingKey: string;
  readonly genres: string[];
  readonly tempo: number | null;
  readonly musicalKey: string | null;
  readonly energy: number | null;
  readonly valence: number | null;
  readonly loudnessLufs: number | null;
  readonly language: string | null;
  readonly explicit: boolean | null;
  readonly isAiSuspected: boolean;
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
  readonly albums: WaveAlbum[];
  /** The index of sounds did not answer. */
  readonly isDegraded: boolean;
}

/** The open tracks that a wave may play and those that it measures by, as one listener knows them. */
export async function readLibrary(
  deps: Pick<Deps, 'nearby'>,
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
  const affinities = await readAffinities(tx, anchors);
  const isSmall = await hasFewerThan(tx, WHOLE_LIBRARY + 1);
  const pool = isSmall
    ? { scope: Prisma.sql`TRUE`, isDegraded: false }
    : await drawPool(deps, { userId, anchors, byId, randomSeed, besides: [...affinities.keys()] });
  const unblocked = Prisma.sql`t.artist_id NOT IN (SELECT b.artist_id FROM blocked_artist b WHERE b.user_id = ${userId})`;
  const rows = await readRows(tx, userId, Prisma.sql`t.is_open AND ${unblocked} AND ${pool.scope}`);
  const model = commonModel(anchorRows.length > 0 ? anchorRows : rows);
  const albums = await readAlbums(
    tx,
    userId,
    rows.map(({ id }) => id),
  );
  return {
    candidates: rows.map((row) => ({
      ...toCandidate(row, model),
      albumIds: albums.ofTrack.get(row.id) ?? [],
      listeners: affinities.get(row.id) ?? null,
    })),
    anchors: anchors.flatMap((anchor) => {
      const row = byId.get(anchor.trackId);
      return row ? [{ ...toCandidate(row, model), ...anchor }] : [];
    }),
    albums: albums.whole,
    isDegraded: pool.isDegraded,
  };
}

async function hasFewerThan(tx: Transaction, many: number): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT FROM indexed_track WHERE is_open LIMIT ${many}) open_tracks`;
  return (row?.count ?? 0) < many;
}

function readRows(tx: Transaction, userId: string, where: Prisma.Sql): Promise<LibraryRow[]> {
  return tx.$queryRaw<LibraryRow[]>`
    SELECT t.id, t.title, t.artist_id AS "artistId", t.artist_name AS "artistName",
      t.recording_key AS "recordingKey", t.genres, t.tempo, t.musical_key AS "musicalKey", t.energy, t.valence,
      t.loudness_lufs AS "loudnessLufs", t.language, t.explicit, t.is_ai_suspected AS "isAiSuspected", t.plays,
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

function toCandidate(
  { embedding, embeddingModel, reaction, ...row }: LibraryRow,
  model: string | null,
): Omit<Candidate, 'albumIds' | 'listeners'> {
  return {
    ...row,
    vector: embedding && embeddingModel === model ? decodeVector(embedding) : null,
    isLiked: reaction === 'LIKE',
    isDisliked: reaction === 'DISLIKE',
  };
}
