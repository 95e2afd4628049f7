import { PITCHES, toMoments } from './moments.ts';

/** Moments of a window, 8 s, and from one to the next. */
const WINDOW = 32;
export const WINDOW_HOP = 8;
/** Changes a window that are told apart, from none on. */
const CHANGES = 8;
/** Slow changes are large, fast ones tell more. */
const TILT = 0.5;
/** A clip may be played so much slower or faster. */
const SPEEDS = [0.87, 1, 1.15];

/** Numbers that describe a window: of those without change half mirror the others. */
export const WINDOW_DIMENSION = CHANGES * PITCHES - 5;

const taper = Float64Array.from(
  { length: WINDOW },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / WINDOW),
);
const turns = (length: number) => {
  const angles = Array.from({ length }, (_, i) => (2 * Math.PI * i) / length);
  return { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
};
const TIME = turns(WINDOW);
const PITCH = turns(PITCHES);

/**
 * What is played in a window, in whatever key and from whenever on: the magnitudes of the two-dimensional Fourier
 * transform of its pitch classes (Bertin-Mahieux & Ellis, *Large-scale cover song recognition using the 2D Fourier
 * transform magnitude*, ISMIR 2012), as a vector of unit length. Null where nothing sounds.
 */
function describeWindow(moments: Float32Array, from: number): number[] | null {
  const numbers: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const { re, im } = alongTime(moments, from, change);
    const last = change === 0 ? PITCHES / 2 : PITCHES - 1;
    for (let step = 0; step <= last; step++) {
      let [a, b] = [0, 0];
      for (let pitch = 0; pitch < PITCHES; pitch++) {
        const turn = (step * pitch) % PITCHES;
        a += re[pitch]! * PITCH.cos[turn]! + im[pitch]! * PITCH.sin[turn]!;
        b += im[pitch]! * PITCH.cos[turn]! - re[pitch]! * PITCH.sin[turn]!;
      }
      numbers.push(Math.hypot(a, b) * (1 + change) ** TILT);
    }
  }
  const length = Math.hypot(...numbers);
  return length > 1e-6 ? numbers.map((value) => value / length) : null;
}

function alongTime(moments: Float32Array, from: number, change: number) {
  const re = new Float64Array(PITCHES);
  const im = new Float64Array(PITCHES);
  for (let moment = 0; moment < WINDOW; moment++) {
    const turn = (change * moment) % WINDOW;
    for (let pitch = 0; pitch < PITCHES; pitch++) {
      const value = moments[(from + moment) * PITCHES + pitch]! * taper[moment]!;
      re[pitch]! += value * TIME.cos[turn]!;
      im[pitch]! -= value * TIME.sin[turn]!;
    }
  }
  return { re, im };
}

export interface Window {
  /** The moment that it begins with. */
  readonly moment: number;
  readonly vector: number[];
}

/** The windows of a recording, so many moments apart. */
export function windowsOf(chroma: Uint8Array, hop = WINDOW_HOP): Window[] {
  return windowsIn(toMoments(chroma, 0), hop);
}

/** The windows that a clip is looked for by: as it is, slower and faster. */
export function windowsOfClip(chroma: Uint8Array): Window[] {
  const moments = toMoments(chroma, 0);
  return SPEEDS.flatMap((speed) => windowsIn(stretch(moments, speed), WINDOW_HOP));
}

function windowsIn(moments: Float32Array, hop: number): Window[] {
  const windows: Window[] = [];
  for (let moment = 0; (moment + WINDOW) * PITCHES <= moments.length; moment += hop) {
    const vector = describeWindow(moments, moment);
    if (vector) windows.push({ moment, vector });
  }
  return windows;
}

function stretch(moments: Float32Array, factor: number): Float32Array {
  const count = moments.length / PITCHES;
  const stretched = new Float32Array(Math.floor(count * factor) * PITCHES);
  for (let i = 0; i < stretched.length; i++) {
    const [at, pitch] = [Math.floor(i / PITCHES) / factor, i % PITCHES];
    const before = Math.min(count - 1, Math.floor(at));
    const after = Math.min(count - 1, before + 1);
    const share = at - before;
    stretched[i] =
      moments[before * PITCHES + pitch]! * (1 - share) + moments[after * PITCHES + pitch]! * share;
  }
  return stretched;
}
