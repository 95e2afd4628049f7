import { cosine } from '../ranking/vector.ts';
import type { AnchorState, Decision, WaveState } from './state.ts';

const MAX_ANCHORS = 64;
const MAX_WEIGHT = 1.3;
const PRAISE = 1.05;
const BLAME = 0.6;
const MILD_BLAME = 0.9;
/** Anchors this near to a track that was not wanted share the blame. */
const NEIGHBOUR = 0.6;
const NEIGHBOUR_BLAME = 0.3;
/** What each heard track brings a weight back towards its base. */
const DRIFT = 0.01;
const ARTIST_LOSS = { SKIPPED: 0.15, DISLIKED: 0.3 } as const;
const MAX_ARTIST_LOSS = 0.9;
const BASE = { LIKED: 1, FINISHED: 0.8 } as const;

/** What the listener made of a pick. A late skip comes after half of the track. */
export type Outcome = 'FINISHED' | 'SKIPPED' | 'SKIPPED_LATE' | 'LIKED' | 'DISLIKED' | 'NOT_NOW';

export interface Heard {
  readonly trackId: string;
  readonly artistId: string;
  readonly vector: Float32Array | null;
  readonly reason: Decision;
}

/** What a wave knows after one reaction: the anchor that a pick came from answers for it. */
export function giveCredit(
  state: WaveState,
  heard: Heard,
  outcome: Outcome,
  vectorOf: (trackId: string) => Float32Array | null,
): WaveState {
  const drifted = state.anchors.map((anchor) => ({
    ...anchor,
    weight: anchor.weight + (anchor.base - anchor.weight) * DRIFT,
  }));
  if (outcome === 'FINISHED' || outcome === 'LIKED') {
    const praised = scale(drifted, heard.reason, PRAISE);
    return { ...state, anchors: addAnchor(praised, heard.trackId, outcome) };
  }
  if (outcome === 'SKIPPED' || outcome === 'DISLIKED') {
    const loss = Math.min(MAX_ARTIST_LOSS, (state.penalties[heard.artistId] ?? 0) + ARTIST_LOSS[outcome]);
    const wanted = drifted.filter(({ trackId }) => outcome === 'SKIPPED' || trackId !== heard.trackId);
    const penalties = { ...state.penalties, [heard.artistId]: loss };
    return { ...state, anchors: blame(wanted, heard, vectorOf), penalties };
  }
  const notNow = outcome === 'NOT_NOW' ? [...new Set([...state.notNow, heard.trackId])] : state.notNow;
  return { ...state, anchors: scale(drifted, heard.reason, MILD_BLAME), notNow };
}

/** The anchor named by the pick's reason, its weight multiplied. */
function scale(anchors: readonly AnchorState[], reason: Decision, factor: number): AnchorState[] {
  const named = 'anchorId' in reason ? reason.anchorId : null;
  return anchors.map((anchor) =>
    anchor.trackId === named ? { ...anchor, weight: Math.min(MAX_WEIGHT, anchor.weight * factor) } : anchor,
  );
}

function blame(
  anchors: readonly AnchorState[],
  { reason, vector }: Heard,
  vectorOf: (trackId: string) => Float32Array | null,
): AnchorState[] {
  const named = 'anchorId' in reason ? reason.anchorId : null;
  return scale(anchors, reason, BLAME).map((anchor) => {
    const other = anchor.trackId === named ? null : vectorOf(anchor.trackId);
    const similarity = vector && other ? cosine(vector, other) : 0;
    if (similarity <= NEIGHBOUR) return anchor;
    return { ...anchor, weight: anchor.weight * (1 - NEIGHBOUR_BLAME * similarity) };
  });
}

/** A liked track outranks a finished one; what the wave began from is never pushed out. */
function addAnchor(
  anchors: readonly AnchorState[],
  trackId: string,
  source: 'FINISHED' | 'LIKED',
): AnchorState[] {
  const known = anchors.find((anchor) => anchor.trackId === trackId);
  if (known && (source === 'FINISHED' || known.source === 'SEED')) return [...anchors];
  const others = anchors.filter((anchor) => anchor.trackId !== trackId);
  const added = [...others, { trackId, source, base: BASE[source], weight: BASE[source] }];
  if (added.length <= MAX_ANCHORS) return added;
  const weakest = others
    .filter((anchor) => anchor.source !== 'SEED')
    .toSorted((a, b) => a.weight - b.weight)[0];
  return added.filter((anchor) => anchor !== weakest);
}
