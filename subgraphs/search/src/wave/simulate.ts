import { cosine, toUnit } from '../ranking/vector.ts';
import { chance } from './chance.ts';
import { giveCredit } from './credit.ts';
import { DEFAULT_EXPLORATION } from './explore.ts';
import {
  DIMENSIONS,
  type Listener,
  makeListener,
  makeTracks,
  roll,
  SWITCH,
  TRACKS,
  type Tune,
} from './invent-listeners.ts';
import { planPicks } from './plan-picks.ts';
import type { PastPick } from './rules.ts';
import { type AnchorState, beginState, type WaveSettings } from './state.ts';

/**
 * Invented listeners over an invented library: a check of how fast a wave follows a change of mood, not of anybody's taste.
 * Each likes three of the clusters of sound and a fourth of their artists not at all; from the switch on one of the three.
 */
const [FIRST, DRAWS] = [10, 500];
const [STEPS, DRAWN] = [70, 400];
const STRIDE = 1_237;
const PAIRS = 5_000;
const NOW = new Date('2026-11-21T12:00:00Z');

/** Shares of tracks that a listener skipped. */
export interface SkipRates {
  /** Of the first ten, of the rest before the switch, of the ten after it, and of the twenty after those. */
  readonly first: number;
  readonly steady: number;
  readonly switching: number;
  readonly switched: number;
}

/** Picks a track of those that are drawn for a step, and hears what became of it. */
interface Policy {
  next(drawn: readonly Tune[], step: number): Tune | undefined;
  hear(track: Tune, isHeardOut: boolean): void;
}

/** How often each listener skips what a policy plays; the same one hears all policies under the same dice. */
export function simulate(
  policy: 'WAVE' | 'CENTROID',
  listeners: number,
  exploration = DEFAULT_EXPLORATION,
  { seed = 7, steps = STEPS } = {},
): SkipRates[] {
  const tracks = makeTracks(seed);
  const neighbour = findNeighbour(tracks, seed);
  return Array.from({ length: listeners }, (_, user) => {
    const listener = makeListener(tracks, seed, user);
    const played =
      policy === 'WAVE' ? followWave(listener, exploration, user, neighbour) : followCentroid(listener);
    const skipped = Array.from({ length: steps }, (_step, step) => {
      const drawn = draw(tracks, roll(TRACKS, seed, 'drawn', user, step));
      const track = played.next(drawn, step);
      if (!track) return false;
      const isHeardOut = chance(seed, 'mood', user, step) < listener.liking(track, step);
      played.hear(track, isHeardOut);
      return !isHeardOut;
    });
    return toRates(skipped);
  });
}

function toRates(skipped: readonly boolean[]): SkipRates {
  const rate = (from: number, to: number) => skipped.slice(from, to).filter(Boolean).length / (to - from);
  return {
    first: rate(0, FIRST),
    steady: rate(FIRST, SWITCH),
    switching: rate(SWITCH, SWITCH + 10),
    switched: rate(SWITCH + 10, STEPS),
  };
}

/** What share of the skips of others these are. */
export function compareSkips(
  ours: readonly SkipRates[],
  others: readonly SkipRates[],
  of: keyof SkipRates,
): number {
  return total(ours, of) / total(others, of);
}

/** Between what 95 of 100 such comparisons lie, as drawing the listeners anew shows (the bootstrap). */
export function doubtSkips(
  ours: readonly SkipRates[],
  others: readonly SkipRates[],
  of: keyof SkipRates,
): [low: number, high: number] {
  const ratios = Array.from({ length: DRAWS }, (_, turn) => {
    const drawn = ours.map((_rates, at) => roll(ours.length, turn, 'listener', at));
    const take = (rates: readonly SkipRates[]) => drawn.flatMap((at) => rates[at] ?? []);
    return compareSkips(take(ours), take(others), of);
  }).toSorted((a, b) => a - b);
  return [ratios[Math.floor(DRAWS * 0.025)] ?? NaN, ratios[Math.floor(DRAWS * 0.975)] ?? NaN];
}

const total = (rates: readonly SkipRates[], of: keyof SkipRates): number =>
  rates.reduce((sum, rate) => sum + rate[of], 0);

/** What 99 of 100 pairs by chance are not as near as, as `ALIKE` is of the model that real libraries are heard with. */
function findNeighbour(tracks: readonly Tune[], seed: number): number {
  const one = (pair: number, side: string) => tracks[roll(TRACKS, seed, 'pair', pair, side)] as Tune;
  const cosines = Array.from({ length: PAIRS }, (_, pair) =>
    cosine(one(pair, 'one').vector, one(pair, 'other').vector),
  );
  return cosines.toSorted((a, b) => a - b)[Math.floor(PAIRS * 0.99)] ?? 1;
}

/** A tenth of the library, spread over all of it. */
const draw = (tracks: readonly Tune[], from: number): Tune[] =>
  Array.from({ length: DRAWN }, (_, at) => tracks[(from + at * STRIDE) % TRACKS] as Tune);

/** The planner and the credit of a real wave. */
function followWave({ seeds }: Listener, exploration: number, randomSeed: number, neighbour: number): Policy {
  const settings: WaveSettings = {
    mood: 'ANY',
    activity: 'ANY',
    familiarity: 'DEFAULT',
    exploration,
    languages: [],
    explicit: 'ALLOW',
    energyCurve: 'FLAT',
    excludesAiSuspected: false,
    randomSeed,
  };
  const known = new Map(seeds.map((track) => [track.id, track]));
  const past: PastPick[] = [];
  const vectorOf = (id: string) => known.get(id)?.vector ?? null;
  let sinceSkip = Infinity;
  let state = beginState(
    seeds.map(({ id }): AnchorState => ({ trackId: id, source: 'LIKED', base: 1, weight: 1 })),
    null,
  );
  let reason: ReturnType<typeof planPicks>[number]['reason'] | undefined;
  return {
    next(drawn, step) {
      for (const track of drawn) known.set(track.id, track);
      const [pick] = planPicks({
        ...state,
        settings,
        seed: null,
        anchors: state.anchors.flatMap((anchor) => ({ ...(known.get(anchor.trackId) as Tune), ...anchor })),
        candidates: [...new Set(drawn)].filter((track) => !seeds.includes(track)),
        albums: [],
        isDegraded: false,
        past,
        sinceSkip,
        firstSeq: step + 1,
        count: 1,
        avoid: null,
        now: NOW,
      });
      reason = pick?.reason;
      return pick && known.get(pick.trackId);
    },
    hear(track, isHeardOut) {
      past.push({ ...track, trackId: track.id, exploratory: reason?.kind === 'EXPLORING' });
      sinceSkip = isHeardOut ? sinceSkip + 1 : 0;
      if (!reason) return;
      const heard = { ...track, trackId: track.id, reason };
      state = giveCredit(state, heard, isHeardOut ? 'FINISHED' : 'SKIPPED_EARLY', vectorOf, neighbour);
    },
  };
}

/** What is near to the mean of all that was heard out, older ones counting less: a «fingerprint». */
function followCentroid({ seeds }: Listener): Policy {
  const used = new Set<Tune>(seeds);
  const recent: string[] = [];
  let heardOut = seeds.map((track) => ({ vector: track.vector, weight: 1 }));
  return {
    next(drawn) {
      const centre = new Float32Array(DIMENSIONS);
      for (const { vector, weight } of heardOut) {
        for (const [axis, value] of vector.entries()) centre[axis] = (centre[axis] ?? 0) + weight * value;
      }
      const unit = toUnit(centre);
      let best: Tune | undefined;
      let bestScore = -Infinity;
      for (const track of drawn) {
        if (used.has(track)) continue;
        const score = cosine(track.vector, unit) - (recent.slice(-6).includes(track.artistId) ? 0.5 : 0);
        if (score > bestScore) [best, bestScore] = [track, score];
      }
      if (best) used.add(best);
      return best;
    },
    hear(track, isHeardOut) {
      recent.push(track.artistId);
      heardOut = heardOut.map((one) => ({ ...one, weight: one.weight * 0.985 }));
      if (isHeardOut) heardOut = [...heardOut, { vector: track.vector, weight: 1 }].slice(-60);
    },
  };
}
