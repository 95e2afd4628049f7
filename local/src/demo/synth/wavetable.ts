import { SAMPLE_RATE } from './signal.ts';

const SIZE = 2048;
const MASK = SIZE - 1;
const HIGHEST = 18_000;

export const SINE = Float32Array.from({ length: SIZE + 1 }, (_, i) => Math.sin((2 * Math.PI * i) / SIZE));

/** Amplitude of each harmonic, the first is number 1. */
const RECIPES = {
  sine: (n: number) => (n === 1 ? 1 : 0),
  triangle: (n: number) => (n % 2 === 1 ? ((n % 4 === 1 ? 1 : -1) * 0.81) / (n * n) : 0),
  saw: (n: number) => 0.6 / n,
  square: (n: number) => (n % 2 === 1 ? 1 / n : 0),
  hollow: (n: number) => (n % 2 === 1 ? 0.9 / n ** 1.8 : 0.14 / n ** 1.5),
  reed: (n: number) => [0, 0.55, 0.42, 0.5, 0.28, 0.3, 0.18, 0.16, 0.1, 0.09, 0.06, 0.05, 0.03][n] ?? 0,
  organ: (n: number) => ({ 1: 0.7, 2: 0.5, 3: 0.32, 4: 0.16, 6: 0.1, 8: 0.12 })[n] ?? 0,
  bowed: (n: number) => (0.55 / n) * (1 + 0.5 * Math.sin(n * 1.9)) * (n > 24 ? 0.4 : 1),
};
export type Wave = keyof typeof RECIPES;

/** For each wave, one table an octave: table k holds the first 2^k harmonics. */
const tables = new Map<Wave, Float32Array[]>();

function buildTables(wave: Wave): Float32Array[] {
  const levels = [new Float32Array(SIZE + 1)];
  for (let level = 0, from = 1; level <= 9; level++) {
    const table = Float32Array.from(levels.at(-1)!);
    for (let n = from; n <= 2 ** level; n++) {
      const amplitude = RECIPES[wave](n);
      if (amplitude === 0) continue;
      for (let i = 0; i <= SIZE; i++) table[i]! += amplitude * SINE[(i * n) & MASK]!;
    }
    from = 2 ** level + 1;
    levels.push(table);
  }
  return levels.slice(1);
}

/** The richest table of a wave that stays below the audible limit at a frequency. */
export function tableFor(wave: Wave, frequency: number): Float32Array {
  let levels = tables.get(wave);
  if (!levels) {
    levels = buildTables(wave);
    tables.set(wave, levels);
  }
  const level = Math.floor(Math.log2(HIGHEST / frequency));
  return levels[Math.min(levels.length - 1, Math.max(0, level))]!;
}

/** Pitch movement within a note: vibrato that sets in late, and a slide from another pitch. */
export interface Bend {
  hertz: number;
  cents: number;
  delay: number;
  /** Semitones away at the onset, gone after `slideSeconds`. */
  slide?: number;
  slideSeconds?: number;
}

const BLOCK = 64;

function bendAt(bend: Bend, seconds: number): number {
  const depth = bend.cents * Math.min(1, Math.max(0, (seconds - bend.delay) / 0.3));
  let cents = depth === 0 ? 0 : depth * Math.sin(2 * Math.PI * bend.hertz * seconds);
  if (bend.slide) cents += 100 * bend.slide * Math.exp((-5 * seconds) / (bend.slideSeconds ?? 0.05));
  return 2 ** (cents / 1200);
}

/** Adds an oscillator to a note. Phase is in turns. */
export function addOscillator(
  out: Float32Array,
  table: Float32Array,
  frequency: number,
  { level = 1, phase = 0, bend }: { level?: number; phase?: number; bend?: Bend | undefined } = {},
): void {
  const step = (frequency * SIZE) / SAMPLE_RATE;
  let position = phase * SIZE;
  for (let start = 0; start < out.length; start += BLOCK) {
    const end = Math.min(out.length, start + BLOCK);
    const pace = bend ? step * bendAt(bend, start / SAMPLE_RATE) : step;
    for (let i = start; i < end; i++) {
      const index = position | 0;
      const from = table[index]!;
      out[i]! += level * (from + (table[index + 1]! - from) * (position - index));
      position += pace;
      if (position >= SIZE) position -= SIZE;
    }
  }
}
