import { align } from './align.ts';
import { toMoments } from './moments.ts';

/** Moments of a clip that are compared, from its middle: 30 s, and 12 s at least, since a few chords are anybody's. */
const MOST_MOMENTS = 117;
const LEAST_MOMENTS = 46;
/** Of a track: ten minutes. */
const MOST_TRACK_MOMENTS = 2_344;
const SMOOTHING = 1;

/**
 * From which correlation on, and how far ahead of the median of what is most like it, a track is the same work. On 568
 * tracks (`npm run evaluate -- covers`): no wrong answer to what is not in the library; see docs/decisions/0035.
 */
const LEAST_SCORE = 0.82;
const LEAST_AHEAD = 0.16;
/** The median of fewer says nothing. */
const LEAST_OTHERS = 8;
/** Versions of one work are about as near; what is further below the best only resembles it. */
const MAX_BELOW_BEST = 0.08;

export interface WorkMatch {
  readonly trackId: string;
  /** Mean correlation of the moments, 0–1. */
  readonly score: number;
}

/** The middle of a clip; null where it is too short to tell a work by. */
export function cutClip(chroma: Uint8Array): Uint8Array | null {
  const moments = Math.floor(chroma.length / 12);
  if (moments < LEAST_MOMENTS) return null;
  const first = Math.max(0, Math.floor((moments - MOST_MOMENTS) / 2));
  return chroma.subarray(first * 12, Math.min(moments, first + MOST_MOMENTS) * 12);
}

/** How well a clip fits a track where it fits best. */
export function compareWork(clip: Uint8Array, track: Uint8Array): number {
  return align(toMoments(clip, SMOOTHING), toMoments(track.subarray(0, MOST_TRACK_MOMENTS * 12), SMOOTHING))
    .score;
}

/** The tracks of those compared that are the same work, best first; none where none stands out. */
export function judgeWorks(compared: readonly WorkMatch[]): WorkMatch[] {
  const sorted = compared.toSorted((a, b) => b.score - a.score || (a.trackId < b.trackId ? -1 : 1));
  const [best] = sorted;
  if (!best || sorted.length <= LEAST_OTHERS) return [];
  const median = sorted[Math.floor(sorted.length / 2)]!.score;
  const least = Math.max(LEAST_SCORE, median + LEAST_AHEAD, best.score - MAX_BELOW_BEST);
  return sorted.filter(({ score }) => score >= least);
}
