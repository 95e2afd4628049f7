import { writeFile } from 'node:fs/promises';

const RATE = 16_000;
/** A test's own globals are slow to look up. */
const { exp, floor, PI, sin } = Math;

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
