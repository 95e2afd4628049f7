import { writeFile } from 'node:fs/promises';

const RATE = 16_000;
/** A test's own globals are slow to look up. */
const { cos, exp, floor, PI, sin } = Math;

export type Signal = (seconds: number) => number;

/** A signal as the PCM that the analysis hears. */
export function sample(seconds: number, signal: Signal): Float32Array {
  return Float32Array.from({ length: floor(seconds * RATE) }, (_, i) => signal(i / RATE));
}

export async function writePcm(file: string, samples: Float32Array): Promise<string> {
  await writeFile(file, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return file;
}

export function sine(hertz: number): Signal {
  return (t) => sin(2 * PI * hertz * t);
}

/** A note with six harmonics, each softer than the one before. */
export function note(midi: number): Signal {
  const hertz = 440 * 2 ** ((midi - 69) / 12);
  const partials = [1, 2, 3, 4, 5, 6].map((n) => ({ level: 0.6 ** n, tone: sine(hertz * n) }));
  return (t) => partials.reduce((sum, { level, tone }) => sum + level * tone(t), 0);
}

/** Chords of MIDI notes, one after the other and again from the first, each of so many seconds. */
export function progression(chords: readonly (readonly number[])[], secondsEach: number): Signal {
  const voices = chords.map((chord) => chord.map(note));
  return (t) => {
    const index = floor(t / secondsEach);
    const fade = exp(-2 * (t - index * secondsEach));
    return 0.15 * fade * voices[index % voices.length]!.reduce((sum, voice) => sum + voice(t), 0);
  };
}

/** A short burst of noise on each beat. */
export function clicks(bpm: number): Signal {
  const random = randomFrom(7);
  return (t) => 0.7 * random() * exp(-60 * (t % (60 / bpm)));
}

/** −1 to 1, the same sequence for one seed: xorshift. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

/** Syllables that mean nothing: a hiss, then pulses of a voice through two resonances that move, now and then a rest. */
export function babble(seconds: number, seed = 3): Float32Array {
  const samples = new Float32Array(seconds * RATE);
  const random = randomFrom(seed);
  const between = (low: number, high: number) => low + ((random() + 1) / 2) * (high - low);
  for (let at = 0; at < samples.length;) {
    const hiss = Math.round(between(0.05, 0.12) * RATE);
    let before = 0;
    for (let i = 0; i < hiss && at < samples.length; i++, at++) {
      const value = random();
      samples[at] = 0.08 * (value - before);
      before = value;
    }
    const vowel = Math.round(between(0.1, 0.2) * RATE);
    samples.set(vowelOf(vowel, between).subarray(0, samples.length - at), at);
    at += vowel + (between(0, 1) > 0.7 ? Math.round(between(0.15, 0.4) * RATE) : 0);
  }
  return samples;
}

function vowelOf(length: number, between: (low: number, high: number) => number): Float32Array {
  const [pitch, first, second] = [between(100, 180), between(300, 800), between(900, 2_300)];
  const vowel = new Float32Array(length);
  const states = [
    [first, 0, 0],
    [second, 0, 0],
  ] as [number, number, number][];
  for (let i = 0; i < length; i++) {
    const pulse = Math.floor((i * pitch) / RATE) === Math.floor(((i - 1) * pitch) / RATE) ? 0 : 1;
    for (const state of states) {
      const [hertz, one, two] = state;
      const value = pulse + 2 * 0.97 * cos((2 * PI * hertz) / RATE) * one - 0.97 ** 2 * two;
      [state[1], state[2]] = [value, one];
      vowel[i]! += 0.05 * value * sin((PI * i) / length);
    }
  }
  return vowel;
}
