import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import type { Candidate } from '../wave/state.ts';

/** A track as everybody knows it: what may be picked, without what one listener makes of it. */
export interface RememberedTrack extends Omit<Candidate, 'isLiked' | 'isDisliked' | 'heardAt' | 'listeners'> {
  readonly embeddingModel: string | null;
}

/** Tracks that were just found, each with the version of its row, in one order. */
export interface Versions {
  readonly ids: readonly string[];
  readonly versions: readonly string[];
}

interface Row extends Omit<RememberedTrack, 'vector'> {
  readonly version: string;
  readonly embedding: Uint8Array | null;
}

/** Tracks that are remembered: some 1.5 KB each. */
const MOST = 20_000;
/** Room is made for so many at once: to look for the oldest each time would walk past all that are gone. */
const MADE_ROOM = 2_000;

/** SQL of what a change of a row of `indexed_track` changes: the transaction that wrote it, and where it lies. No spaces. */
export const VERSION = Prisma.sql`t.xmin::text || t.ctid::text`;

/** What `string_agg` has made of ids or versions; null is of none. */
export const split = (joined: string | null): string[] => (joined === null ? [] : joined.split(' '));

/**
 * Tracks as the database has them, remembered by the versions of their rows: whoever has just read which versions are
 * there gets just those, and only what has changed is read again. Whether a track may be heard is for the caller to ask.
 */
export class TrackMemory {
  readonly #known = new Map<string, { readonly version: string; readonly track: RememberedTrack }>();

  /** Of these ids, in order, those that there are. */
  async readAll(tx: Transaction, ids: readonly string[]): Promise<RememberedTrack[]> {
    const [row] = await tx.$queryRaw<{ ids: string | null; versions: string | null }[]>`
      SELECT string_agg(k.id, ' ') AS ids, string_agg(k.version, ' ') AS versions
      FROM (SELECT t.id, ${VERSION} AS version FROM indexed_track t WHERE t.id = ANY (${[...ids]}::text[]) ORDER BY t.id) k`;
    const found = { ids: split(row?.ids ?? null), versions: split(row?.versions ?? null) };
    return (await this.read(tx, found)).filter((track) => track !== undefined);
  }

  /** In the order of the ids; undefined for what is gone meanwhile. */
  async read(tx: Transaction, { ids, versions }: Versions): Promise<(RememberedTrack | undefined)[]> {
    const places = new Map<string, number>();
    const tracks = ids.map((id, place) => {
      const known = this.#known.get(id);
      if (known && known.version === versions[place]) return known.track;
      places.set(id, place);
      return undefined;
    });
    for (const row of await readRows(tx, [...places.keys()])) {
      // one spread and no rest: this is done a thousand times a plan
      const track = { ...row, vector: row.embedding && decodeVector(row.embedding), embedding: null };
      tracks[places.get(row.id) ?? -1] = track;
      this.#remember(row.version, track);
    }
    return tracks;
  }

  /** What was read first makes room. */
  #remember(version: string, track: RememberedTrack): void {
    this.#known.delete(track.id);
    this.#known.set(track.id, { version, track });
    if (this.#known.size <= MOST) return;
    const oldest = this.#known.keys().take(MADE_ROOM).toArray();
    for (const id of oldest) this.#known.delete(id);
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
