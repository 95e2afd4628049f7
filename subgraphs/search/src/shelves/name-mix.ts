import { capitalise } from '../wave/languages.ts';
import { traitsOf } from '../wave/traits.ts';
import type { Words } from '../wave/words.ts';
import type { KnownTrack } from './read-known-tracks.ts';

/** A trait names a mix where so many of its tracks have it. */
const COMMON = 0.3;
const TRAITS = 2;
const ARTISTS = 3;

/** What a mix is, in words: the traits that are common in it and its most frequent artists. */
export function nameMix({ lists }: Pick<Words, 'lists'>, tracks: readonly KnownTrack[]): string {
  const traits = commonest(tracks.flatMap((track) => [...new Set(traitsOf(track))]))
    .filter(({ count }) => count >= COMMON * tracks.length)
    .slice(0, TRAITS)
    .map(({ name }) => lists.trait(name));
  const artists = commonest(tracks.map(({ artistName }) => artistName));
  const named = artists.slice(0, ARTISTS).map(({ name }) => name);
  const who = lists.artists(named, artists.length > ARTISTS);
  return traits.length === 0 ? who : `${capitalise(traits.join(', '))}: ${who}`;
}

/** Of equals the one that comes first in the alphabet. */
function commonest(names: readonly string[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
