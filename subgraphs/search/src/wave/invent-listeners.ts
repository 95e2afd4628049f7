import { cosine, toUnit } from '../ranking/vector.ts';
import { chance } from './chance.ts';
import type { Candidate } from './state.ts';
import { aCandidate } from './testing-library.ts';

const [CLUSTERS, ARTISTS, DISLIKED_ARTISTS] = [24, 400, 40];
export const TRACKS = 4_000;
export const DIMENSIONS = 32;
/** From this step on they are in one mood only. */
export const SWITCH = 40;

export interface Tune extends Candidate {
  readonly cluster: number;
  readonly vector: Float32Array;
}

export interface Listener {
  readonly seeds: readonly Tune[];
  /** How likely they are to hear a track out at a step. */
  readonly liking: (track: Tune, step: number) => number;
}

export function makeTracks(seed: number): Tune[] {
  const centres = Array.from({ length: CLUSTERS }, (_, c) => toUnit(noise(seed, 1, 'cluster', c)));
  const artists = Array.from({ length: ARTISTS }, (_, a) =>
    near(centres[a % CLUSTERS], noise(seed, 0.1, 'artist', a)),
  );
  return Array.from({ length: TRACKS }, (_, t) => {
    const artist = t % ARTISTS;
    const cluster = artist % CLUSTERS;
    return {
      ...aCandidate({ id: `t${t}`, artistId: `a${artist}`, artistName: `Artist ${artist}`, plays: 1 }),
      genres: [`genre ${cluster}`],
      cluster,
      vector: near(artists[artist], noise(seed, 0.08, 'track', t)),
    };
  });
}

export function makeListener(tracks: readonly Tune[], seed: number, user: number): Listener {
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

export const roll = (sides: number, seed: number, ...words: (string | number)[]): number =>
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
