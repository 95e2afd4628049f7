import { chance } from './chance.ts';
import type { Traits } from './context-fit.ts';
import { otherTerms, type ScoredTrack, type World } from './score-track.ts';
import type { Candidate } from './state.ts';

/** No wave tries out more than this share of its picks, whatever is asked for. */
export const MAX_EXPLORATION = 0.3;
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
 * stranger's wave, if it tries at all, tries as much as it may: there is all to learn.
 */
export function mayExplore({ settings, anchors }: World, state: ExplorationState): boolean {
  if (state.lastExplored || state.sinceSkip < SAFE_AFTER_SKIP) return false;
  if (state.explored + 1 > MAX_EXPLORATION * (state.total + 1)) return false;
  if (settings.exploration <= 0) return false;
  const wanted = anchors.length === 0 ? MAX_EXPLORATION : Math.min(settings.exploration, MAX_EXPLORATION);
  if (state.explored + 1 <= wanted * state.total) return true;
  return chance(settings.randomSeed, 'explore', state.seq) < wanted / (1 - wanted);
}

/** Tracks of one trait that the listener's anchors do not have, best first; none where they have them all. */
export function exploreTracks(world: World, tracks: readonly Candidate[], seq: number): ScoredTrack[] {
  const known = new Set(world.anchors.flatMap(traitsOf));
  const traits = new Map<string, Candidate[]>();
  for (const track of tracks) {
    if (world.knownArtists.has(track.artistId)) continue;
    for (const trait of traitsOf(track)) {
      if (!known.has(trait)) traits.set(trait, [...(traits.get(trait) ?? []), track]);
    }
  }
  const names = [...traits.keys()].toSorted();
  const testing = names[Math.floor(chance(world.settings.randomSeed, 'trait', seq) * names.length)];
  if (testing === undefined) return [];
  return (traits.get(testing) ?? [])
    .map((track) => {
      const terms = { base: 0, ...otherTerms(world, track) };
      const score = terms.artist + terms.context + terms.familiarity + terms.chance;
      return { track, score, reason: { kind: 'EXPLORING' as const, testing, terms } };
    })
    .toSorted((a, b) => b.score - a.score || (a.track.id < b.track.id ? -1 : 1));
}

/** Genres, and where a track has none, how it feels. */
function traitsOf({ genres, ...traits }: Traits & { readonly genres: readonly string[] }): string[] {
  return genres.length > 0 ? genres.map((genre) => genre.toLowerCase()) : feelings(traits);
}

function feelings({ tempo, energy, valence }: Traits): string[] {
  return [
    tempo !== null && tempo < 85 && 'slow music',
    tempo !== null && tempo > 135 && 'fast music',
    energy !== null && energy < 0.3 && 'quiet music',
    energy !== null && energy > 0.7 && 'energetic music',
    valence !== null && valence < 0.3 && 'dark music',
    valence !== null && valence > 0.7 && 'bright music',
  ].filter((feeling) => feeling !== false);
}
