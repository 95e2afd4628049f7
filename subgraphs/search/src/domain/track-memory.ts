import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { decodeVectors } from '../ranking/vector.ts';
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

/** What a statement tells of tracks: one value a track in each. */
type Columns = {
  readonly [Name in keyof Omit<RememberedTrack, 'vector' | 'createdAt'>]: RememberedTrack[Name][];
} & {
  readonly version: string[];
  readonly createdAt: string[];
  /** Bytes of its vector. */
  readonly size: (number | null)[];
};

interface Versioned {
  readonly version: string;
  readonly track: RememberedTrack;
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
  readonly #known = new Map<string, Versioned>();

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
    for (const { version, track } of await readRows(tx, [...places.keys()])) {
      tracks[places.get(track.id) ?? -1] = track;
      this.#remember(version, track);
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

/** A column comes as one text: to take a thousand rows of twenty values apart took longer than to find them. */
async function readRows(tx: Transaction, ids: readonly string[]): Promise<Versioned[]> {
  if (ids.length === 0) return [];
  const [row] = await tx.$queryRaw<{ columns: string; vectors: string | null }[]>`
    SELECT json_build_object('id', json_agg(t.id), 'version', json_agg(${VERSION}), 'title', json_agg(t.title),
        'artistId', json_agg(t.artist_id), 'artistName', json_agg(t.artist_name),
        'recordingKey', json_agg(t.recording_key), 'genres', json_agg(t.genres), 'tempo', json_agg(t.tempo),
        'musicalKey', json_agg(t.musical_key), 'energy', json_agg(t.energy), 'valence', json_agg(t.valence),
        'loudnessLufs', json_agg(t.loudness_lufs), 'language', json_agg(t.language), 'explicit', json_agg(t.explicit),
        'isAiSuspected', json_agg(t.is_ai_suspected), 'plays', json_agg(t.plays),
        'createdAt', json_agg(t.created_at), 'albumIds', json_agg(t.album_ids),
        'embeddingModel', json_agg(t.embedding_model), 'size', json_agg(octet_length(t.embedding)))::text AS columns,
      encode(string_agg(t.embedding, ''), 'hex') AS vectors
    FROM indexed_track t WHERE t.id = ANY (${[...ids]}::text[]) HAVING count(*) > 0`;
  return row ? toTracks(JSON.parse(row.columns) as Columns, Buffer.from(row.vectors ?? '', 'hex')) : [];
}

// a cast and not `??`: all columns are of one length
const at = <T>(column: readonly T[], index: number): T => column[index] as T;

function toTracks(columns: Columns, bytes: Uint8Array): Versioned[] {
  const vectors = decodeVectors(bytes, columns.size);
  return columns.id.map((id, index) => ({
    version: at(columns.version, index),
    track: {
      id,
      title: at(columns.title, index),
      artistId: at(columns.artistId, index),
      artistName: at(columns.artistName, index),
      recordingKey: at(columns.recordingKey, index),
      genres: at(columns.genres, index),
      tempo: at(columns.tempo, index),
      musicalKey: at(columns.musicalKey, index),
      energy: at(columns.energy, index),
      valence: at(columns.valence, index),
      loudnessLufs: at(columns.loudnessLufs, index),
      language: at(columns.language, index),
      explicit: at(columns.explicit, index),
      isAiSuspected: at(columns.isAiSuspected, index),
      plays: at(columns.plays, index),
      createdAt: new Date(at(columns.createdAt, index)),
      albumIds: at(columns.albumIds, index),
      embeddingModel: at(columns.embeddingModel, index),
      vector: at(vectors, index),
    },
  }));
}
