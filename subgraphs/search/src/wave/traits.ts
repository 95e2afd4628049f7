/** What of a track can be named beside who made it. */
export interface TraitsOf {
  readonly genres: readonly string[];
  readonly tempo: number | null;
  readonly energy: number | null;
  readonly valence: number | null;
}

const MOST_SHARED = 4;

/** How a track feels, in words. */
export function feelings({ tempo, energy, valence }: TraitsOf): string[] {
  return [
    tempo !== null && tempo < 85 && 'slow music',
    tempo !== null && tempo > 135 && 'fast music',
    energy !== null && energy < 0.3 && 'quiet music',
    energy !== null && energy > 0.7 && 'energetic music',
    valence !== null && valence < 0.3 && 'dark music',
    valence !== null && valence > 0.7 && 'bright music',
  ].filter((feeling) => feeling !== false);
}

/** Genres, and where a track has none, how it feels. */
export function traitsOf(track: TraitsOf): string[] {
  return track.genres.length > 0 ? genresOf(track) : feelings(track);
}

export function sharedTraits(one: TraitsOf, other: TraitsOf): string[] {
  const known = new Set([...genresOf(other), ...feelings(other)]);
  return [...genresOf(one), ...feelings(one)].filter((trait) => known.has(trait)).slice(0, MOST_SHARED);
}

const genresOf = ({ genres }: TraitsOf): string[] => genres.map((genre) => genre.toLowerCase());
