/**
 * Reorders as little as needed so that, while there is a choice, any `window` tracks in a row are by as many
 * artists. Each place takes the best that is left of an artist not heard for longest enough.
 */
export function spaceArtists<T>(ranked: readonly T[], artistOf: (item: T) => string, window: number): T[] {
  const left = [...ranked];
  const spaced: T[] = [];
  while (left.length > 0) {
    const recent = spaced.slice(-(window - 1)).map(artistOf);
    const [next] = left.splice(findSpaced(left.map(artistOf), recent), 1);
    if (next !== undefined) spaced.push(next);
  }
  return spaced;
}

/** Index of the first artist who is not among the recent ones, the oldest of which are forgiven first. */
export function findSpaced(artists: readonly string[], recent: readonly string[]): number {
  for (let from = 0; from < recent.length; from++) {
    const near = new Set(recent.slice(from));
    const index = artists.findIndex((artist) => !near.has(artist));
    if (index >= 0) return index;
  }
  return 0;
}
