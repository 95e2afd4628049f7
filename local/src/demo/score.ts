import type { Random } from './random.ts';

/** A note on the beat grid of its score. Pitch is a MIDI number; drums ignore it. */
export interface Note {
  at: number;
  beats: number;
  pitch: number;
  velocity: number;
}

/** A note as an instrument hears it. */
export interface Voice {
  frequency: number;
  /** How long the key is held; the sound may ring on. */
  seconds: number;
  velocity: number;
  random: Random;
}

/** Renders one note as mono samples, starting at the note's onset. */
export type Instrument = (voice: Voice) => Float32Array;

/** A curve as [beat, value] points, straight in between. */
export type Curve = readonly (readonly [number, number])[];

/** How a part sits in the mix. Sends are linear, gain is in dB, filters are in Hz. */
export interface Channel {
  gain: number;
  pan?: number;
  /** Plays each note twice, a little differently, this far left and right (0-1). */
  width?: number;
  /** Low notes left, high notes right, as seen from the player's seat. */
  keyboard?: number;
  highpass?: number;
  lowpass?: number | Curve;
  drive?: number;
  chorus?: number;
  tremolo?: { hertz: number; depth: number };
  /** How far a kick pushes this part down (0-1). */
  duck?: number;
  fade?: Curve;
  reverb?: number;
  delay?: number | Curve;
}

export interface Part {
  name: string;
  instrument: Instrument;
  notes: Note[];
  channel: Channel;
  /** How far notes stray from the grid: seconds, and a share of velocity. */
  loose?: { timing: number; velocity: number };
}

export interface Score {
  bpm: number;
  beatsPerBar: number;
  bars: number;
  /** Share of an off-beat's distance by which it is late: 0 straight, 0.33 triplets. */
  swing: number;
  /** The division that swings, in beats: 0.5 for eighths, 0.25 for sixteenths. */
  swingUnit: number;
  parts: Part[];
  reverb: { seconds: number; damping: number; predelay?: number };
  delay: { beats: number; feedback: number; lowpass: number };
  /** Beats at which a kick ducks the parts that ask for it. */
  ducking: number[];
  /** Integrated loudness to master to. */
  lufs: number;
  fadeIn: number;
  /** Seconds of fade at the end, and of ring after the last bar. */
  fadeOut: number;
  tail: number;
}

export function secondsOf(score: Score): number {
  return (score.bars * score.beatsPerBar * 60) / score.bpm + score.tail;
}
