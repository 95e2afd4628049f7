import { toUnit } from '../ranking/vector.ts';
import { Nearness } from './nearness.ts';
import type { Anchor, Candidate, WaveSettings } from './state.ts';

/** What all candidates of one plan are scored against. */
export interface World {
  readonly settings: WaveSettings;
  readonly seed: { readonly id: string; readonly title: string } | null;
  readonly anchors: readonly Anchor[];
  readonly anchorById: ReadonlyMap<string, Anchor>;
  /** By artist id. */
  readonly penalties: Readonly<Record<string, number>>;
  /** The strongest anchor of each artist. */
  readonly artistAnchors: ReadonlyMap<string, Anchor>;
  /** What the music of an artist sounds like, of those some of whose tracks are new or have no vector. */
  readonly artistSounds: ReadonlyMap<string, Float32Array>;
  /** Of all these sounds and those of the candidates to the anchors. */
  readonly nearness: Nearness;
  readonly maxPlays: number;
  /** How often the wave was shaken, while that still counts. */
  readonly isShaken: boolean;
  readonly now: Date;
}

export interface WorldInput {
  readonly settings: WaveSettings;
  readonly seed: World['seed'];
  readonly anchors: readonly Anchor[];
  readonly penalties: World['penalties'];
  readonly candidates: readonly Candidate[];
  readonly now: Date;
}

export function toWorld(input: WorldInput, isShaken: boolean): World {
  const { settings, seed, anchors, penalties, candidates, now } = input;
  const artistAnchors = new Map<string, Anchor>();
  for (const anchor of anchors) {
    const known = artistAnchors.get(anchor.artistId);
    if (!known || anchor.weight > known.weight) artistAnchors.set(anchor.artistId, anchor);
  }
  const artistSounds = hearArtists(candidates);
  const sounds = [...candidates.flatMap(({ vector }) => vector ?? []), ...artistSounds.values()];
  return {
    settings,
    seed,
    anchors,
    anchorById: new Map(anchors.map((anchor) => [anchor.trackId, anchor])),
    penalties,
    artistAnchors,
    artistSounds,
    nearness: new Nearness(anchors, sounds),
    maxPlays: candidates.reduce((most, { plays }) => Math.max(most, plays), 0),
    isShaken,
    now,
  };
}

/** A track that nobody has played, or that is not analysed, stands on what its artist is known for. */
export const isCold = ({ plays, vector }: Candidate): boolean => plays === 0 || vector === null;

function hearArtists(candidates: readonly Candidate[]): Map<string, Float32Array> {
  const cold = new Set(candidates.filter(isCold).map(({ artistId }) => artistId));
  const sums = new Map<string, Float32Array>();
  for (const { artistId, vector, plays } of candidates) {
    if (!vector || plays === 0 || !cold.has(artistId)) continue;
    const sum = sums.get(artistId) ?? new Float32Array(vector.length);
    for (const [axis, value] of vector.entries()) sum[axis] = (sum[axis] ?? 0) + value;
    sums.set(artistId, sum);
  }
  return new Map([...sums].map(([artistId, sum]) => [artistId, toUnit(sum)]));
}
