import { cosine, toUnit } from '../ranking/vector.ts';
import { chance } from './chance.ts';
import { giveCredit } from './credit.ts';
import { planPicks } from './plan-picks.ts';
import type { PastPick } from './rules.ts';
import { type AnchorState, beginState, type Candidate, type WaveSettings } from './state.ts';

/**
 * Invented listeners over an invented library: a check of how fast a wave follows a change of mood, not of anybody's taste.
 * Each likes three of the clusters of sound and a fourth of their artists not at all; from the switch on one of the three.
 */
const [CLUSTERS, ARTISTS, TRACKS, DIMENSIONS] = [24, 400, 4_000, 32];
const [STEPS, SWITCH, DRAWN, DISLIKED_ARTISTS] = [70, 40, 400, 40];
const STRIDE = 1_237;
const NOW = new Date('2026-11-21T12:00:00Z');

/** Shares of tracks that were skipped. */
export interface SkipRates {
  /** Of the first ten, of the rest before the switch, of the ten after it, and of the twenty after those. */
  readonly first: number;
  readonly steady: number;
  readonly switching: number;
  readonly switched: number;
}

interface Tune extends Candidate {
  readonly cluster: number;
  readonly vector: Float32Array;
}

interface Listener {
  readonly seeds: readonly Tune[];
  /** How likely they are to hear a track out at a step. */
  readonly liking: (track: Tune, step: number) => number;
}

/** Picks a track of those that are drawn for a step, and hears what became of it. */
interface Policy {
  next(drawn: readonly Tune[], step: number): Tune | undefined;
  hear(track: Tune, isHeardOut: boolean): void;
}

/** How often listeners skip what a policy plays; each hears both policies under the same dice. */
export function simulate(
  policy: 'WAVE' | 'CENTROID',
  listeners: number,
  exploration: number,
  seed = 7,
): SkipRates {
  const tracks = makeTracks(seed);
  const skips = Array.from({ length: STEPS }, () => 0);
  for (let user = 0; user < listeners; user++) {
    const listener = makeListener(tracks, seed, user);
    const played = policy === 'WAVE' ? followWave(listener, exploration, user) : followCentroid(listener);
    for (let step = 0; step < STEPS; step++) {
      const drawn = draw(tracks, roll(TRACKS, seed, 'drawn', user, step));
      const track = played.next(drawn, step);
      if (!track) continue;
      const isHeardOut = chance(seed, 'mood', user, step) < listener.liking(track, step);
      if (!isHeardOut) skips[step] = (skips[step] ?? 0) + 1;
      played.hear(track, isHeardOut);
    }
  }
  const rate = (from: number, to: number) =>
    skips.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from) / listeners;
  return {
    first: rate(0, 10),
    steady: rate(10, SWITCH),
    switching: rate(SWITCH, SWITCH + 10),
    switched: rate(SWITCH + 10, STEPS),
  };
}

/** A tenth of the library, spread over all of it. */
const draw = (tracks: readonly Tune[], from: number): Tune[] =>
  Array.from({ length: DRAWN }, (_, at) => tracks[(from + at * STRIDE) % TRACKS] as Tune);

/** The planner and the credit of a real wave. */
function followWave({ seeds }: Listener, exploration: number, randomSeed: number): Policy {
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
      state = giveCredit(state, heard, isHeardOut ? 'FINISHED' : 'SKIPPED_EARLY', vectorOf);
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

function makeTracks(seed: number): Tune[] {
  const centres = Array.from({ length: CLUSTERS }, (_, c) => toUnit(noise(seed, 1, 'cluster', c)));
  const artists = Array.from({ length: ARTISTS }, (_, a) =>
    near(centres[a % CLUSTERS], noise(seed, 0.1, 'artist', a)),
  );
  return Array.from({ length: TRACKS }, (_, t) => {
    const artist = t % ARTISTS;
    const cluster = artist % CLUSTERS;
    return {
      id: `t${t}`,
      title: `Track ${t}`,
      artistId: `a${artist}`,
      artistName: `Artist ${artist}`,
      recordingKey: `t${t}`,
      genres: [`genre ${cluster}`],
      tempo: null,
      musicalKey: null,
      energy: null,
      valence: null,
      loudnessLufs: null,
      language: null,
      explicit: null,
      isAiSuspected: false,
      plays: 1,
      createdAt: new Date('2024-01-01T00:00:00Z'),
      isLiked: false,
      isDisliked: false,
      heardAt: null,
      albumIds: [],
      listeners: null,
      cluster,
      vector: near(artists[artist], noise(seed, 0.08, 'track', t)),
    };
  });
}

function makeListener(tracks: readonly Tune[], seed: number, user: number): Listener {
  const liked = [0, 1, 2].map((place) => roll(CLUSTERS, seed, 'liked', user, place));
  const middle = (cluster: number) => tracks.find((track) => track.cluster === cluster) as Tune;
  const hated = new Set(
    liked.map((cluster) => {
      const others = Array.from({ length: CLUSTERS }, (_, c) => c).filter((c) => !liked.includes(c));
      const likeness = (c: number) => cosine(middle(c).vector, middle(cluster).vector);
      return others.reduce((best, c) => (likeness(c) > likeness(best) ? c : best), others[0] ?? 0);
    }),
  );
  const artists = new Set(
    Array.from({ length: DISLIKED_ARTISTS }, (_, place) => `a${roll(ARTISTS, seed, 'artists', user, place)}`),
  );
  return {
    seeds: [...new Set(liked)].map((cluster) => {
      const own = tracks.filter((track) => track.cluster === cluster);
      return own[roll(own.length, seed, 'seed', user, cluster)] as Tune;
    }),
    liking({ artistId, cluster }, step) {
      if (artists.has(artistId) || hated.has(cluster)) return 0.05;
      return (step < SWITCH ? liked : liked.slice(2)).includes(cluster) ? 0.85 : 0.2;
    },
  };
}

const roll = (sides: number, seed: number, ...words: (string | number)[]): number =>
  Math.floor(chance(seed, ...words) * sides);

/** Normal deviates (Box and Muller). */
function noise(seed: number, spread: number, ...words: (string | number)[]): number[] {
  return Array.from({ length: DIMENSIONS }, (_, axis) => {
    const [a, b] = [chance(seed, 'a', axis, ...words), chance(seed, 'b', axis, ...words)];
    return spread * Math.sqrt(-2 * Math.log(a + 1e-12)) * Math.cos(2 * Math.PI * b);
  });
}

const near = (centre: Float32Array | undefined, by: readonly number[]): Float32Array =>
  toUnit(by.map((value, axis) => value + (centre?.[axis] ?? 0)));
