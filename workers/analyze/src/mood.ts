import type { Key } from './key.ts';
import type { Tempo } from './tempo.ts';
import type { Timbre } from './timbre.ts';

type Beat = Pick<Tempo, 'bpm' | 'pulse'>;

export interface Mood {
  readonly energy: number;
  readonly valence: number;
  readonly moods: string[];
}

/** Many notes a second, a loud or a dramatic track are not calm, whatever the sum says. */
const CALM = { energy: 0.3, onsets: 3, levelDb: -16, swingDb: 4 } as const;

/**
 * Rules of thumb, not learned from listeners: nothing with judgements of people was to be had. The ranges were
 * measured on the demo library and on recorded orchestral music of games.
 * Energy: loud (−22 to −12 dB), busy (0.5 to 5 onsets a second), driven (busy and deep at once, as drums and
 * basses are and a music box is not), restless (0.8 to 1.9 dB of flux a frame), and on top of
 * that dramatic (2 to 5 dB between loud and quiet passages).
 * Valence: major or minor, fast or slow (60 to 150 beats a minute), bright or dark, around one half.
 */
export function findMood(timbre: Timbre, tempo: Beat | null, key: Pick<Key, 'mode'> | null): Mood {
  const loud = share(timbre.levelDb, -22, -12);
  const busy = share(timbre.onsets, 0.5, 5);
  const driven = busy * (1 - share(timbre.brightness, 0, 0.6));
  const dramatic = share(timbre.swingDb, 2, 5);
  const restless = share(timbre.flux, 0.8, 1.9);
  const bright = share(timbre.brightness, 0, 0.7);
  const fast = tempo ? share(tempo.bpm, 60, 150) : 0.5;
  const mode = key === null ? 0 : key.mode === 'major' ? 1 : -1;
  const energy = round(clamp(0.35 * loud + 0.2 * busy + 0.35 * driven + 0.1 * restless + 0.15 * dramatic));
  const valence = round(clamp(0.5 + 0.2 * mode + 0.3 * (fast - 0.5) + 0.2 * (bright - 0.5)));
  return { energy, valence, moods: nameMoods(energy, valence, timbre, tempo) };
}

/** The quadrants of energy and valence (Russell's circumplex, 1980); the wide middle, where it is not sure, has no name. */
function nameMoods(energy: number, valence: number, timbre: Timbre, tempo: Beat | null): string[] {
  const { onsets, levelDb, swingDb } = timbre;
  const isCalm =
    energy <= CALM.energy && onsets <= CALM.onsets && levelDb <= CALM.levelDb && swingDb <= CALM.swingDb;
  const moods: string[] = [];
  if (energy >= 0.6) moods.push('energetic');
  if (isCalm) moods.push('calm');
  if (valence >= 0.7) moods.push('happy');
  if (valence <= 0.3 && energy >= 0.6) moods.push('dark');
  if (valence <= 0.3 && isCalm) moods.push('sad');
  if (tempo && tempo.bpm >= 95 && tempo.bpm <= 150 && tempo.pulse >= 0.35 && energy >= 0.5)
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
