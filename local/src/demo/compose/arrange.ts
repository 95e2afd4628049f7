import type { Channel, Instrument, Note, Part, Score } from '../score.ts';

type Defaults = Omit<Score, 'parts' | 'bpm' | 'bars'>;

const DEFAULTS: Defaults = {
  beatsPerBar: 4,
  swing: 0,
  swingUnit: 0.5,
  reverb: { seconds: 1.8, damping: 0.35 },
  delay: { beats: 0.75, feedback: 0.4, lowpass: 3500 },
  ducking: [],
  lufs: -14,
  fadeIn: 0.005,
  fadeOut: 2,
  tail: 2.5,
};

/** A score from its parts; what is not said is an ordinary room at an ordinary level. */
export function arrange(settings: { bpm: number; bars: number } & Partial<Defaults>, parts: Part[]): Score {
  return { ...DEFAULTS, ...settings, parts };
}

/** How far people stray from the grid when they play well. */
export const HANDS = { timing: 0.009, velocity: 0.1 };
export const TIGHT = { timing: 0.003, velocity: 0.07 };

/** One player: what plays, what it plays, where it sits in the mix, and how loosely. */
export function part(
  name: string,
  instrument: Instrument,
  notes: Note[],
  channel: Channel,
  loose?: Part['loose'],
): Part {
  return { name, instrument, notes, channel, ...(loose && { loose }) };
}
