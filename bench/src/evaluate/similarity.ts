import { dice } from '../dice.ts';
import { openEars } from './ears.ts';
import { hearLibrary, MUSIC, type Song } from './library.ts';
import { redrawnInterval } from './scores.ts';

/** A label of fewer songs says little of the five nearest. */
const LEAST_SONGS = 6;
const NEAREST = 5;
const SEED = 5;

/**
 * Of the five nearest songs, how many are of the same album or artist: a weak stand-in for what sounds alike. What a head
 * was fitted on lies otherwise than what it never heard, which so finds its like more easily: among themselves the songs
 * of packages never trained on are as those of a library are.
 */
export async function evaluateSimilarity(
  print: (line: string) => void,
  tell: (what: string) => void,
): Promise<void> {
  await using ears = await openEars();
  const songs = await hearLibrary(ears, tell);
  if (songs.length === 0) return print(`no music: install some of ${MUSIC.join(' ')} (Debian)`);
  print(`similarity among ${songs.length} songs: of the ${NEAREST} nearest, the share of the same`);
  const strange = songs.filter(({ trained }) => !trained);
  for (const label of ['album', 'artist'] as const) {
    for (const [of, asked, among] of [
      ['packages never trained on', strange, songs],
      ['the same among themselves', strange, strange],
      ['all', songs, songs],
    ] as const) {
      const shares = sharesOf(asked, among, label);
      if (shares.length === 0) continue;
      const interval = redrawnInterval(shares, mean, dice(SEED));
      print(
        `  ${label.padEnd(8)}${of.padEnd(27)}${mean(shares).toFixed(3)} (95 % ${interval}, n = ${shares.length})`,
      );
    }
  }
}

function sharesOf(asked: readonly Song[], among: readonly Song[], label: 'album' | 'artist'): number[] {
  const counts = new Map<string, number>();
  for (const song of among) counts.set(song[label], (counts.get(song[label]) ?? 0) + 1);
  const isAsked = (song: Song) => song[label] !== '' && counts.get(song[label])! >= LEAST_SONGS;
  return asked.filter(isAsked).map((song) => {
    const near = among
      .filter((other) => other !== song)
      .map((other) => ({ same: other[label] === song[label], likeness: dot(song.vector, other.vector) }))
      .toSorted((a, b) => b.likeness - a.likeness)
      .slice(0, NEAREST);
    return near.filter(({ same }) => same).length / NEAREST;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
