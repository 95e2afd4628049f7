import { chance } from './chance.ts';
import { otherTerms, type ScoredTrack, toScored } from './score-track.ts';
import type { Candidate } from './state.ts';
import { traitsOf } from './traits.ts';
import type { World } from './world.ts';

/** No wave tries out more than this share of its picks, whatever is asked for. */
export const MAX_EXPLORATION = 0.3;
/** What a wave tries that nobody has asked to try more or less. */
export const DEFAULT_EXPLORATION = 0.08;
/** So many picks a wave that is asked for no more than that first makes of what it knows, and makes up for them then. */
const SETTLING = 10;
/** So many picks after a skip are safe ones. */
const SAFE_AFTER_SKIP = 3;

export interface ExplorationState {
  /** Picks of the wave so far, and how many of them tried something. */
  readonly total: number;
  readonly explored: number;
  readonly lastExplored: boolean;
  /** Picks since the last skip; infinite where nothing was skipped. */
  readonly sinceSkip: number;
  readonly seq: number;
}

/**
 * Whether this pick tries something new: by the dice of the wave, within the rules that spare the listener. The
 * dice make up for the picks that may not try; a wave that lags a whole pick behind its share tries at once. A
 * stranger's wave, if it tries at all, tries as much as it may: there is all to learn. So does one that was shaken.
 */
export function mayExplore({ settings, anchors, isShaken }: World, state: ExplorationState): boolean {
  if (state.lastExplored || state.sinceSkip < SAFE_AFTER_SKIP) return false;
  if (state.explored + 1 > MAX_EXPLORATION * (state.total + 1)) return false;
  if (settings.exploration <= 0 && !isShaken) return false;
  const isBold = isShaken || anchors.length === 0;
  const isModest = !isBold && settings.exploration <= DEFAULT_EXPLORATION;
  if (isModest && state.total < SETTLING) return false;
  const wanted = isBold ? MAX_EXPLORATION : Math.min(settings.exploration, MAX_EXPLORATION);
  if (state.explored + 1 <= wanted * state.total) return true;
  return chance(settings.randomSeed, 'explore', state.seq) < wanted / (1 - wanted);
}

/** Tracks of one trait that the listener's anchors do not have, best first; none where they have them all. */
export function exploreTracks(world: World, tracks: readonly Candidate[], seq: number): ScoredTrack[] {
  const known = new Set(world.anchors.flatMap(traitsOf));
  const traits = new Map<string, Candidate[]>();
  for (const track of tracks) {
    if (world.artistAnchors.has(track.artistId)) continue;
    for (const trait of traitsOf(track)) {
      if (!known.has(trait)) traits.set(trait, [...(traits.get(trait) ?? []), track]);
    }
  }
  const names = [...traits.keys()].toSorted();
  const testing = names[Math.floor(chance(world.settings.randomSeed, 'trait', seq) * names.length)];
  if (testing === undefined) return [];
  return (traits.get(testing) ?? [])
    .map((track) =>
      toScored(world, track, otherTerms(world, track), (terms) => ({ kind: 'EXPLORING', testing, terms })),
    )
    .toSorted((a, b) => b.score - a.score || (a.track.id < b.track.id ? -1 : 1));
}
