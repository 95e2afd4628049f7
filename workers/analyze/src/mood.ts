import type { Key } from './key.ts';
import type { Tempo } from './tempo.ts';
import type { Timbre } from './timbre.ts';

export interface Mood {
  readonly energy: number;
  readonly valence: number;
  readonly moods: string[];
}

/**
 * Rules of thumb, not learned from listeners: nothing with judgements of people was to be had. The ranges are
 * those of the demo library. Energy: loud (−26 to −10 dB), busy (0.7 to 2.2 dB of flux a frame), bright.
 * Valence: major or minor, fast or slow (60 to 150 beats a minute), bright or dark, around one half.
 */
export function findMood(timbre: Timbre, tempo: Tempo | null, key: Key | null): Mood {
  const loud = share(timbre.levelDb, -26, -10);
  const busy = share(timbre.flux, 0.7, 2.2);
  const bright = share(timbre.brightness, 0, 0.7);
  const fast = tempo ? share(tempo.bpm, 60, 150) : 0.5;
  const mode = key === null ? 0 : key.mode === 'major' ? 1 : -1;
  const energy = round(0.4 * loud + 0.45 * busy + 0.15 * bright);
  const valence = round(clamp(0.5 + 0.2 * mode + 0.3 * (fast - 0.5) + 0.2 * (bright - 0.5)));
  return { energy, valence, moods: nameMoods(energy, valence, tempo) };
}

/** The quadrants of energy and valence (Russell's circumplex, 1980); the middle has no name. */
function nameMoods(energy: number, valence: number, tempo: Tempo | null): string[] {
  const moods: string[] = [];
  if (energy >= 0.6) moods.push('energetic');
  if (energy <= 0.35) moods.push('calm');
  if (valence >= 0.65) moods.push('happy');
  if (valence <= 0.4) moods.push(energy >= 0.55 ? 'dark' : 'sad');
  if (tempo && tempo.bpm >= 95 && tempo.bpm <= 150 && tempo.pulse >= 0.35 && energy >= 0.45)
    moods.push('danceable');
  return moods;
}

function share(value: number, from: number, to: number): number {
  return clamp((value - from) / (to - from));
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
