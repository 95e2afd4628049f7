export const SAMPLE_RATE = 44_100;

export interface Stereo {
  left: Float32Array;
  right: Float32Array;
}

export function createStereo(length: number): Stereo {
  return { left: new Float32Array(length), right: new Float32Array(length) };
}

export function samples(seconds: number): number {
  return Math.max(1, Math.round(seconds * SAMPLE_RATE));
}

export function decibels(gain: number): number {
  return 10 ** (gain / 20);
}

/** Attack, decay and release in seconds; sustain is a level. */
export interface Envelope {
  attack: number;
  decay: number;
  sustain: number;
  release: number;
}

/** Multiplies a note by its envelope; the key is let go after `held` seconds. */
export function applyEnvelope(out: Float32Array, envelope: Envelope, held: number): void {
  const attack = Math.max(1, envelope.attack * SAMPLE_RATE);
  const release = Math.min(out.length, Math.round(held * SAMPLE_RATE));
  const fall = Math.exp(-3 / Math.max(1, envelope.decay * SAMPLE_RATE));
  const letGo = Math.exp(-4 / Math.max(1, envelope.release * SAMPLE_RATE));
  let level = 0;
  for (let i = 0; i < out.length; i++) {
    if (i >= release) level *= letGo;
    else if (i < attack) level = i / attack;
    else level = envelope.sustain + (level - envelope.sustain) * fall;
    out[i]! *= level;
  }
  fadeEnd(out);
}

/** A last few milliseconds to zero, so that no note ends in a click. */
export function fadeEnd(out: Float32Array, seconds = 0.006): void {
  const length = Math.min(out.length, samples(seconds));
  for (let i = 0; i < length; i++) out[out.length - 1 - i]! *= i / length;
}

/** Reads a curve of [position, value] points at one position. */
export function valueAt(curve: readonly (readonly [number, number])[], position: number): number {
  let before = curve[0]!;
  if (position <= before[0]) return before[1];
  for (const point of curve) {
    if (position < point[0]) {
      const share = (position - before[0]) / (point[0] - before[0]);
      return before[1] + (point[1] - before[1]) * share;
    }
    before = point;
  }
  return before[1];
}
