import { ALIKE } from '../ranking/alike.ts';
import { cosine } from '../ranking/vector.ts';
import type { Decision } from './decision.ts';
import { SESSION_HALF_LIFE_TRACKS, type Signal, SIGNALS } from './signals.ts';
import type { AnchorState, WaveState } from './state.ts';

const MAX_ANCHORS = 64;
const MAX_WEIGHT = 1.3;
/** What a signal of weight 1, or −1, makes of the weight of the anchor that a pick came from. */
const PRAISE = 1.05;
const BLAME = 0.6;
const MILD_BLAME = 0.9;
const NEIGHBOUR_BLAME = 0.3;
/** What each heard track brings a weight back towards its base. */
const DRIFT = 0.01;
/** What an artist loses by a signal of weight −1, and at most. */
const ARTIST_LOSS = 0.15;
const MAX_ARTIST_LOSS = 0.9;
const SESSION_FADE = 2 ** (-1 / SESSION_HALF_LIFE_TRACKS);
/** What a track that was taken well counts as from then on. */
const BASES: Partial<Readonly<Record<Signal, number>>> = { LIKED: 1, REPLAYED: 0.9, FINISHED: 0.8 };

/** What the listener made of a pick; NOT_NOW says nothing of their taste. */
export type Outcome = Signal | 'NOT_NOW';

export interface Heard {
  readonly trackId: string;
  readonly artistId: string;
  readonly vector: Float32Array | null;
  readonly reason: Decision;
}

export type VectorOf = (trackId: string) => Float32Array | null;

/**
 * What a wave knows after one reaction: the anchor that a pick came from answers for it. Anchors that are nearer to a
 * track that was not wanted than `neighbour`, as few are by chance, share the blame.
 */
export function giveCredit(
  state: WaveState,
  heard: Heard,
  outcome: Outcome,
  vectorOf: VectorOf,
  neighbour = ALIKE,
): WaveState {
  const drifted = drift(state);
  if (outcome === 'NOT_NOW') {
    const notNow = [...new Set([...state.notNow, heard.trackId])];
    return { ...drifted, anchors: scale(drifted.anchors, heard.reason, MILD_BLAME), notNow };
  }
  const value = SIGNALS[outcome];
  if (value >= 0) {
    const praised = scale(drifted.anchors, heard.reason, PRAISE ** value);
    return { ...drifted, anchors: addAnchor(praised, heard.trackId, outcome) };
  }
  const loss = Math.min(MAX_ARTIST_LOSS, (drifted.penalties[heard.artistId] ?? 0) - ARTIST_LOSS * value);
  const wanted = drifted.anchors.filter(({ trackId }) => outcome !== 'DISLIKED' || trackId !== heard.trackId);
  return {
    ...drifted,
    anchors: blame(wanted, heard, -value, (id) => likeness(heard.vector, vectorOf(id), neighbour)),
    penalties: { ...drifted.penalties, [heard.artistId]: loss },
  };
}

/** One track later: all weights are nearer to their bases again. */
function drift(state: WaveState): WaveState {
  const anchors = state.anchors.map((anchor) => {
    const base = anchor.fresh ? anchor.base * SESSION_FADE : anchor.base;
    return { ...anchor, base, weight: anchor.weight + (base - anchor.weight) * DRIFT };
  });
  const penalties = Object.fromEntries(
    Object.entries(state.penalties).map(([artistId, loss]) => [artistId, loss * (1 - DRIFT)]),
  );
  return { ...state, anchors, penalties };
}

/** The anchor named by the pick's reason, its weight multiplied. */
function scale(anchors: readonly AnchorState[], reason: Decision, factor: number): AnchorState[] {
  const named = 'anchorId' in reason ? reason.anchorId : null;
  return anchors.map((anchor) => (anchor.trackId === named ? weigh(anchor, factor) : anchor));
}

function weigh(anchor: AnchorState, factor: number): AnchorState {
  if (anchor.pinned && factor < 1) return anchor;
  return { ...anchor, weight: Math.min(MAX_WEIGHT, anchor.weight * factor) };
}

function blame(
  anchors: readonly AnchorState[],
  { reason }: Heard,
  much: number,
  likenessOf: (trackId: string) => number,
): AnchorState[] {
  const named = 'anchorId' in reason ? reason.anchorId : null;
  return scale(anchors, reason, BLAME ** much).map((anchor) => {
    const similarity = anchor.trackId === named ? 0 : likenessOf(anchor.trackId);
    return similarity > 0 ? weigh(anchor, (1 - NEIGHBOUR_BLAME * similarity) ** much) : anchor;
  });
}

/** 0 for two that are no neighbours. */
function likeness(one: Float32Array | null, other: Float32Array | null, neighbour: number): number {
  const similarity = one && other ? cosine(one, other) : 0;
  return similarity > neighbour ? similarity : 0;
}

/** A liked track outranks one that was played to its end; what the wave began from is never pushed out. */
function addAnchor(anchors: readonly AnchorState[], trackId: string, signal: Signal): AnchorState[] {
  const base = BASES[signal];
  const known = anchors.find((anchor) => anchor.trackId === trackId);
  if (base === undefined || known?.source === 'SEED' || (known && known.base >= base)) return [...anchors];
  const others = anchors.filter((anchor) => anchor.trackId !== trackId);
  const source = signal === 'LIKED' ? ('LIKED' as const) : ('FINISHED' as const);
  const added = [...others, { ...known, trackId, source, base, weight: base, fresh: true }];
  if (added.length <= MAX_ANCHORS) return added;
  const weakest = others
    .filter((anchor) => anchor.source !== 'SEED' && !anchor.pinned)
    .toSorted((a, b) => a.weight - b.weight)[0];
  return added.filter((anchor) => anchor !== weakest);
}
