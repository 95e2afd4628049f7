import { correlate } from '@volna/analyze/correlate';

/** How often each degree sounds in major and in minor (Temperley, *Music and Probability*, 2007). */
const PROFILES = [
  [0.748, 0.06, 0.488, 0.082, 0.67, 0.46, 0.096, 0.715, 0.104, 0.366, 0.057, 0.4],
  [0.712, 0.084, 0.474, 0.618, 0.049, 0.46, 0.105, 0.747, 0.404, 0.067, 0.133, 0.33],
] as const;
const NOTES = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const SPELLINGS: Readonly<Record<string, string>> = {
  Db: 'C#',
  'D#': 'Eb',
  Gb: 'F#',
  'G#': 'Ab',
  'A#': 'Bb',
};
/** Two keys that fit the notes nearly alike are no truth. */
const MIN_MARGIN = 0.02;

/** The key that the written notes, not their sound, have; null where two fit alike. */
export function keyOfNotes(pitchClasses: readonly number[]): string | null {
  const fits = PROFILES.flatMap((profile, minor) =>
    NOTES.map((note, tonic) => ({
      key: `${note} ${minor ? 'minor' : 'major'}`,
      fit: correlate(
        pitchClasses,
        pitchClasses.map((_, pitch) => profile[(pitch - tonic + 12) % 12]!),
      ),
    })),
  ).toSorted((a, b) => b.fit - a.fit);
  const [best, second] = fits;
  return best && second && best.fit - second.fit > MIN_MARGIN ? best.key : null;
}

/** MIREX's score: 1 for the key, 0.5 for a fifth beside it, 0.3 for its relative, 0.2 for its parallel. */
export function scoreKey(found: string | null, truth: string): number {
  if (found === null) return 0;
  const [tonic, mode] = parse(found);
  const [trueTonic, trueMode] = parse(truth);
  const apart = (tonic - trueTonic + 12) % 12;
  if (mode === trueMode) return apart === 0 ? 1 : apart === 7 || apart === 5 ? 0.5 : 0;
  if (apart === 0) return 0.2;
  return apart === (mode === 'minor' ? 9 : 3) ? 0.3 : 0;
}

function parse(key: string): [number, string] {
  const [note = '', mode = ''] = key.split(' ');
  return [NOTES.indexOf(SPELLINGS[note] ?? note), mode];
}
