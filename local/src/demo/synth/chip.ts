import type { Instrument } from '../score.ts';
import { fadeEnd, samples, SAMPLE_RATE } from './signal.ts';
import { tableFor } from './wavetable.ts';

const FRAME_SECONDS = 1 / 60;

export interface PulsePatch {
  duty: number;
  /** Volume falls to nothing over these seconds, in the chip's 16 steps. */
  fall: number;
  vibrato?: number;
  /** Semitones above the note, one after another, a frame each: the chip's way to play a chord. */
  arpeggio?: readonly number[];
}

/** The pulse channel of an 8-bit console, without its aliasing. */
export function createPulse({ duty, fall, vibrato = 0, arpeggio = [0] }: PulsePatch): Instrument {
  return ({ frequency, seconds }) => {
    const out = new Float32Array(samples(seconds));
    const table = tableFor('saw', frequency * 2 ** (Math.max(...arpeggio) / 12));
    const size = table.length - 1;
    const shift = duty * size;
    let position = 0;
    for (let frame = 0, start = 0; start < out.length; frame++) {
      const end = Math.min(out.length, samples((frame + 1) * FRAME_SECONDS));
      const time = frame * FRAME_SECONDS;
      const semitones =
        arpeggio[frame % arpeggio.length]! + (time > 0.15 ? vibrato * Math.sin(time * 38) : 0);
      const step = (frequency * 2 ** (semitones / 12) * size) / SAMPLE_RATE;
      const volume = Math.ceil(15 * Math.max(0, 1 - time / fall)) / 15;
      for (; start < end; start++) {
        const second = position + shift;
        out[start] = volume * (table[position | 0]! - table[(second >= size ? second - size : second) | 0]!);
        position += step;
        if (position >= size) position -= size;
      }
    }
    fadeEnd(out, 0.002);
    return out;
  };
}

/** The chip's four-bit triangle: the bass. */
export function createStepTriangle(): Instrument {
  return ({ frequency, seconds }) => {
    const out = new Float32Array(samples(seconds));
    let phase = 0;
    for (let i = 0; i < out.length; i++) {
      out[i] = Math.round(15 * (phase < 0.5 ? phase * 2 : 2 - phase * 2)) / 7.5 - 1;
      phase += frequency / SAMPLE_RATE;
      if (phase >= 1) phase -= 1;
    }
    fadeEnd(out, 0.003);
    return out;
  };
}

/** The chip's noise: a 15-bit shift register clocked at some rate; `short` gives the metallic loop. */
export function createShiftNoise({
  clock,
  fall,
  short = false,
}: {
  clock: number;
  fall: number;
  short?: boolean;
}): Instrument {
  return () => {
    const out = new Float32Array(samples(fall));
    let register = 1;
    let due = 0;
    for (let i = 0; i < out.length; i++) {
      for (due += clock / SAMPLE_RATE; due >= 1; due--) {
        const bit = (register ^ (register >> (short ? 6 : 1))) & 1;
        register = (register >> 1) | (bit << 14);
      }
      out[i] = ((register & 1) * 2 - 1) * (Math.ceil(15 * (1 - i / out.length)) / 15);
    }
    fadeEnd(out);
    return out;
  };
}
