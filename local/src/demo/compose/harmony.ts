import type { Note } from '../score.ts';
import { above, type Chord, parseChord, voiceLead } from './theory.ts';

/** A chord in its place on the beat grid, with a voicing near its neighbours'. */
export interface Harmony {
  at: number;
  beats: number;
  chord: Chord;
  voicing: number[];
}

interface Rhythm {
  /** Beats a character of the pattern stands for. */
  step?: number;
  /** Beats a note is held; a step if not set. */
  length?: number;
  velocity?: number;
  /** Beats from one string to the next. */
  strum?: number;
}

interface Range {
  low: number;
  high: number;
  voices?: number;
}

/** Chords as text, "Am7:2 D9 | G6:4": name:beats, where a length holds until the next one. */
export function harmonise(text: string, { low, high, voices = 4 }: Range, at = 0): Harmony[] {
  let beats = 4;
  let now = at;
  const places = text.split(/\s+/).flatMap((token) => {
    if (token === '' || token === '|') return [];
    const [name = '', length] = token.split(':');
    if (length) beats = Number(length);
    now += beats;
    return [{ at: now - beats, beats, chord: parseChord(name) }];
  });
  const voicings = voiceLead(
    places.map(({ chord }) => chord),
    low,
    high,
    voices,
  );
  return places.map((place, i) => ({ ...place, voicing: voicings[i]! }));
}

/** Chords held for their whole length. */
export function hold(harmonies: readonly Harmony[], { velocity = 0.6, overlap = 1, strum = 0 } = {}): Note[] {
  return harmonies.flatMap(({ at, beats, voicing }) =>
    voicing.map((pitch, i) => ({
      at: at + i * strum,
      beats: beats * overlap,
      pitch,
      velocity: velocity - i * 0.015,
    })),
  );
}

/** Chords in a rhythm, one character a step (X x o ,) as in `beat`. */
export function comp(
  harmonies: readonly Harmony[],
  pattern: string,
  { step = 0.25, length, velocity = 0.8, strum = 0 }: Rhythm = {},
): Note[] {
  const strengths: Record<string, number> = { X: 1, x: 0.8, o: 0.6, ',': 0.4 };
  return walkPattern(harmonies, pattern, step).flatMap(({ at, sign, harmony }) => {
    const strength = strengths[sign];
    if (!strength) return [];
    return harmony.voicing.map((pitch, i) => ({
      at: at + i * strum,
      beats: length ?? step,
      pitch,
      velocity: velocity * strength * (1 - 0.03 * i),
    }));
  });
}

/** One chord tone at a time; a digit or letter names the voice (0 lowest, past the top an octave up), others rest. */
export function arpeggiate(
  harmonies: readonly Harmony[],
  pattern: string,
  { step = 0.25, length, velocity = 0.65, octave = 0 }: Rhythm & { octave?: number } = {},
): Note[] {
  return walkPattern(harmonies, pattern, step).flatMap(({ at, sign, harmony, index }) => {
    const voice = Number.parseInt(sign, 36);
    if (Number.isNaN(voice)) return [];
    const { voicing } = harmony;
    const pitch = voicing[voice % voicing.length]! + 12 * (Math.floor(voice / voicing.length) + octave);
    return [
      {
        at,
        beats: length ?? step,
        pitch,
        velocity: velocity * (index % 4 === 0 ? 1.1 : index % 2 === 0 ? 0.95 : 0.85),
      },
    ];
  });
}

/** The bass in a rhythm: r root, f fifth, t third, s seventh, R and F an octave up, a step below the next root with "n". */
export function bassline(
  harmonies: readonly Harmony[],
  pattern: string,
  { low = 33, step = 0.5, length, velocity = 0.8 }: Rhythm & { low?: number } = {},
): Note[] {
  return walkPattern(harmonies, pattern, step).flatMap(({ at, sign, harmony, index, next }) => {
    const pitch = bassPitch(sign, harmony.chord, next.chord, low);
    return pitch === undefined
      ? []
      : [{ at, beats: length ?? step, pitch, velocity: velocity * (index === 0 ? 1.06 : 0.94) }];
  });
}

function bassPitch(sign: string, chord: Chord, next: Chord, low: number): number | undefined {
  const bass = above(chord.bass, low);
  switch (sign) {
    case 'r':
      return bass;
    case 'R':
      return bass + 12;
    case 'f':
      return above(chord.root + 7, bass);
    case 'F':
      return above(chord.root + 7, bass + 12);
    case 't':
      return above(chord.tones[1]!, bass);
    case 's':
      return above(chord.tones[3] ?? chord.root + 7, bass);
    case 'n':
      return above(next.bass, low) - 1;
    case 'N':
      return above(next.bass, low) + 1;
    default:
      return undefined;
  }
}

/** The same chords again and again. */
export function cycle(harmonies: readonly Harmony[], times: number): Harmony[] {
  const length = harmonies.reduce((sum, { beats }) => sum + beats, 0);
  return Array.from({ length: times }, (_, i) =>
    harmonies.map((harmony) => ({ ...harmony, at: harmony.at + i * length })),
  ).flat();
}

interface Step {
  at: number;
  sign: string;
  harmony: Harmony;
  /** Which step of its chord this is. */
  index: number;
  next: Harmony;
}

/** Walks a pattern over the chords; it starts again with each chord. */
function walkPattern(harmonies: readonly Harmony[], pattern: string, step: number): Step[] {
  const signs = pattern.replace(/[ |]/g, '').split('');
  return harmonies.flatMap((harmony, i) => {
    const next = harmonies[i + 1] ?? harmonies[0]!;
    return Array.from({ length: Math.ceil(harmony.beats / step - 1e-6) }, (_, index) => {
      return { at: harmony.at + index * step, sign: signs[index % signs.length]!, harmony, index, next };
    });
  });
}
