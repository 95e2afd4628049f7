import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import type { Candidate } from '../wave/state.ts';

/** A track as everybody knows it: what may be picked, without what one listener makes of it. */
export interface KnownTrack extends Omit<Candidate, 'isLiked' | 'isDisliked' | 'heardAt' | 'listeners'> {
  readonly embeddingModel: string | null;
}

interface Row extends Omit<KnownTrack, 'vector'> {
  readonly version: string;
  readonly embedding: Uint8Array | null;
}

/** Tracks that are remembered: some 1.5 KB each. */
const MOST = 20_000;

/** SQL of what a change of a row of `indexed_track` changes: the transaction that wrote it, and where it lies. */
export const VERSION = Prisma.sql`t.xmin::text || t.ctid::text`;

/**
 * Tracks as the database has them, remembered by the versions of their rows: whoever has just read which versions are
 * there gets just those, and only what has changed is read again. Whether a track may be heard is for the caller to ask.
 */
export class KnownTracks {
  readonly #known = new Map<string, { readonly version: string; readonly track: KnownTrack }>();

  /** Of these ids, in order, those that there are. */
  async readAll(tx: Transaction, ids: readonly string[]): Promise<KnownTrack[]> {
    const [row] = await tx.$queryRaw<{ ids: string[] | null; versions: string[] }[]>`
      SELECT array_agg(k.id) AS ids, array_agg(k.version) AS versions
      FROM (SELECT t.id, ${VERSION} AS version FROM indexed_track t WHERE t.id = ANY (${[...ids]}::text[]) ORDER BY t.id) k`;
    return this.read(tx, new Map((row?.ids ?? []).map((id, index) => [id, row?.versions[index] ?? ''])));
  }

  /** In the order of the ids; without what is gone meanwhile. */
  async read(tx: Transaction, versions: ReadonlyMap<string, string>): Promise<KnownTrack[]> {
    const found = new Map<string, KnownTrack>();
    const missing: string[] = [];
    for (const [id, version] of versions) {
      const known = this.#known.get(id);
      if (known?.version === version) found.set(id, known.track);
      else missing.push(id);
    }
    for (const { version, embedding, ...row } of await readRows(tx, missing)) {
      const track = { ...row, vector: embedding && decodeVector(embedding) };
      found.set(row.id, track);
      this.#remember(version, track);
    }
    return [...versions.keys()].flatMap((id) => found.get(id) ?? []);
  }

  /** The one that was read first makes room. */
  #remember(version: string, track: KnownTrack): void {
    this.#known.delete(track.id);
    this.#known.set(track.id, { version, track });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }
}

async function readRows(tx: Transaction, ids: readonly string[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return tx.$queryRaw<Row[]>`
    SELECT t.id, ${VERSION} AS version, t.title, t.artist_id AS "artistId", t.artist_name AS "artistName",
      t.recording_key AS "recordingKey", t.genres, t.tempo, t.musical_key AS "musicalKey", t.energy, t.valence,
      t.loudness_lufs AS "loudnessLufs", t.language, t.explicit, t.is_ai_suspected AS "isAiSuspected", t.plays,
      t.created_at AS "createdAt", t.album_ids AS "albumIds", t.embedding_model AS "embeddingModel", t.embedding
    FROM indexed_track t WHERE t.id = ANY (${[...ids]}::text[])`;
}
