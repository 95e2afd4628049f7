import { logger } from '@volna/platform/log';
import type { Vectors } from '@volna/platform/vectors';

import { trackCollection } from '../vector-names.ts';

const PER_TRACK = 60;
/** Tracks whose neighbours are kept: some 4 KB each. */
const MOST = 2_000;
/** So long after a look a track that was added may be missed. */
const KEEP_MS = 10 * 60_000;

export interface Asked {
  readonly id: string;
  readonly vector: Float32Array | null;
  readonly embeddingModel: string | null;
}

/** What is near to tracks, remembered for a while: a wave asks for the same anchors again and again. */
export class Nearby {
  readonly #vectors: Pick<Vectors, 'query'>;
  readonly #known = new Map<string, { readonly at: number; readonly ids: string[] }>();
  readonly #asked = new Map<string, Promise<string[] | null>>();

  constructor(vectors: Pick<Vectors, 'query'>) {
    this.#vectors = vectors;
  }

  /** Null where the store does not answer: the wave is poorer then but goes on. */
  async find(track: Asked): Promise<string[] | null> {
    const key = `${track.embeddingModel} ${track.id}`;
    const known = this.#known.get(key);
    if (known && Date.now() - known.at < KEEP_MS) return known.ids;
    const asked = this.#asked.get(key) ?? this.#look(key, track);
    this.#asked.set(key, asked);
    try {
      return await asked;
    } finally {
      this.#asked.delete(key);
    }
  }

  async #look(key: string, { vector, embeddingModel }: Asked): Promise<string[] | null> {
    try {
      const hits = await this.#vectors.query(
        trackCollection(embeddingModel ?? ''),
        [...(vector ?? [])],
        PER_TRACK,
      );
      const ids = hits.map(({ payload }) => String(payload.trackId));
      this.#remember(key, ids);
      return ids;
    } catch (err) {
      logger.warn({ err }, 'vector store does not answer: a wave goes on without it');
      return null;
    }
  }

  /** The one that was asked for first makes room. */
  #remember(key: string, ids: string[]): void {
    this.#known.delete(key);
    this.#known.set(key, { at: Date.now(), ids });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }
}
