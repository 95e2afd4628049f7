import { type Heard, giveCredit, type VectorOf } from './credit.ts';
import { withoutSeeking } from './seeking.ts';
import { signalOfSkip } from './signals.ts';
import type { WaveState } from './state.ts';

export type FeedbackType =
  | 'STARTED'
  | 'FINISHED'
  | 'REPLAYED'
  | 'SKIPPED'
  | 'LIKED'
  | 'DISLIKED'
  | 'BLOCK_ARTIST'
  | 'NOT_NOW';

/** One thing that a wave was told, as its log has it. */
export interface WaveEvent {
  readonly type: FeedbackType | 'TUNED' | 'SHAKEN';
  /** Of the item that it is about; of what was tuned or shaken, that of the first item after it. */
  readonly seq: number;
  readonly positionMs: number | null;
  readonly durationMs: number | null;
  /** Null for what is about no item, or one whose track is gone. */
  readonly heard: Heard | null;
  /** The item was over before: only reactions count. */
  readonly wasOver: boolean;
  /** Tracks that were shaken off. */
  readonly dropped: readonly string[];
}

/** So many picks after a shake try more than the wave is asked to. */
const SHAKEN_PICKS = 5;
const MOST_SHAKEN = 50;

/** What a wave has learned from all that it was told. */
export function foldSession(begun: WaveState, events: readonly WaveEvent[], vectorOf: VectorOf): WaveState {
  return withoutSeeking(events).reduce((state, event) => learn(state, event, vectorOf), begun);
}

/** What a wave knows after one event more. */
export function learn(state: WaveState, event: WaveEvent, vectorOf: VectorOf): WaveState {
  const { type, seq, heard, dropped } = event;
  if (type === 'TUNED') return { ...state, curveFrom: seq };
  if (type === 'SHAKEN') {
    const shaken = [...state.shaken, ...dropped].slice(-MOST_SHAKEN);
    return { ...state, shaken, shakenUntil: seq + SHAKEN_PICKS };
  }
  if (type === 'STARTED' || type === 'BLOCK_ARTIST' || !heard) return state;
  const isEnding = type === 'FINISHED' || type === 'SKIPPED';
  if (event.wasOver && isEnding) return state;
  const outcome = type === 'SKIPPED' ? signalOfSkip(event.positionMs, event.durationMs) : type;
  return giveCredit(state, heard, outcome, vectorOf);
}
