import { dotProducts } from '@volna/platform/dot-products';

import { commonLength } from '../ranking/common-length.ts';
import type { Anchor } from './state.ts';

/** The anchor that speaks loudest for a sound. */
export interface Loudest {
  readonly anchor: Anchor;
  readonly similarity: number;
  /** The similarity by the weight of the anchor. */
  readonly value: number;
}

/** How near sounds are to anchors: reckoned of all at once, which one by one would take most of a plan's time. */
export class Nearness {
  readonly #anchors: readonly Anchor[];
  readonly #rows: ReadonlyMap<Float32Array, number>;
  readonly #similarities: Float32Array;

  constructor(anchors: readonly Anchor[], sounds: readonly Float32Array[]) {
    const dimension = commonLength(anchors.map(({ vector }) => vector));
    this.#anchors = anchors.filter(({ vector }) => vector?.length === dimension);
    const comparable = [...new Set(sounds)].filter(({ length }) => length === dimension);
    this.#rows = new Map(comparable.map((sound, row) => [sound, row]));
    this.#similarities = dotProducts(
      this.#anchors.flatMap(({ vector }) => vector ?? []),
      comparable,
    );
  }

  /** Null where no anchor can be heard, or none but that of the track that is to be left out. */
  loudest(sound: Float32Array, exceptId: string | null): Loudest | null {
    const row = this.#rows.get(sound);
    if (row === undefined) return null;
    let best: Loudest | null = null;
    let bestValue = -Infinity;
    const from = row * this.#anchors.length;
    for (let index = 0; index < this.#anchors.length; index++) {
      // casts and not `??`: this is the innermost loop of every wave
      const anchor = this.#anchors[index] as Anchor;
      const similarity = this.#similarities[from + index] as number;
      const value = anchor.weight * similarity;
      if (value <= bestValue || anchor.trackId === exceptId) continue;
      best = { anchor, similarity, value };
      bestValue = value;
    }
    return best;
  }
}
