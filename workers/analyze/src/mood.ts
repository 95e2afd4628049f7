import type { Key } from './key.ts';
import type { Tempo } from './tempo.ts';
import type { Timbre } from './timbre.ts';

type Beat = Pick<Tempo, 'bpm' | 'pulse' | 'confidence'>;
type Mode = Pick<Key, 'mode' | 'confidence'>;

export interface Mood {
  readonly energy: number;
  /** Null where neither key nor tempo is heard. */
  readonly valence: number | null;
  /** 0–1: less of a short sound, and where what energy is made of points both ways. */
  readonly energyConfidence: number;
  /** 0–0.5: as sure as key and tempo are. */
  readonly valenceConfidence: number | null;
  /** The surest first. */
  readonly moods: { readonly name: string; readonly confidence: number }[];
}

/** What is half a guess is never more than half sure. */
const RULE_OF_THUMB = 0.5;
/** So much has to be heard of a track for its energy to be sure. */
const HEARD_SECONDS = 30;

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
export function findMood(timbre: Timbre, tempo: Beat | null, key: Mode | null): Mood {
  const loud = share(timbre.levelDb, -22, -12);
  const busy = share(timbre.onsets, 0.5, 5);
  const driven = busy * (1 - share(timbre.brightness, 0, 0.6));
  const dramatic = share(timbre.swingDb, 2, 5);
  const restless = share(timbre.flux, 0.8, 1.9);
  const energy = round(clamp(0.35 * loud + 0.2 * busy + 0.35 * driven + 0.1 * restless + 0.15 * dramatic));
  const discord = Math.max(loud, busy, driven) - Math.min(loud, busy, driven);
  const energyConfidence = round(share(timbre.seconds, 0, HEARD_SECONDS) * (1 - discord / 2));
  const valence = findValence(timbre, tempo, key);
  const moods = nameMoods({ energy, valence, energyConfidence }, timbre, tempo);
  const { value = null, confidence: valenceConfidence = null } = valence ?? {};
  return { energy, valence: value, energyConfidence, valenceConfidence, moods };
}

interface Valence {
  readonly value: number;
  readonly confidence: number;
}

function findValence({ brightness }: Timbre, tempo: Beat | null, key: Mode | null): Valence | null {
  if (!tempo && !key) return null;
  const mode = key === null ? 0 : key.mode === 'major' ? 1 : -1;
  const fast = tempo ? share(tempo.bpm, 60, 150) : 0.5;
  const bright = share(brightness, 0, 0.7);
  return {
    value: round(clamp(0.5 + 0.2 * mode + 0.3 * (fast - 0.5) + 0.2 * (bright - 0.5))),
    confidence: round(RULE_OF_THUMB * (0.6 * (key?.confidence ?? 0) + 0.4 * (tempo?.confidence ?? 0))),
  };
}

/**
 * The quadrants of energy and valence (Russell's circumplex, 1980), as sure as the less sure of the two that make
 * one; the wide middle, where it is not sure, has no name.
 */
function nameMoods(
  {
    energy,
    valence,
    energyConfidence,
  }: { energy: number; valence: Valence | null; energyConfidence: number },
  { onsets, levelDb, swingDb }: Timbre,
  tempo: Beat | null,
): Mood['moods'] {
  const isCalm =
    energy <= CALM.energy && onsets <= CALM.onsets && levelDb <= CALM.levelDb && swingDb <= CALM.swingDb;
  const { value = 0.5, confidence = 0 } = valence ?? {};
  const isDanceable = tempo && tempo.bpm >= 95 && tempo.bpm <= 150 && tempo.pulse >= 0.35 && energy >= 0.5;
  const isDark = value <= 0.3;
  const found: [string, boolean, number][] = [
    ['energetic', energy >= 0.6, energyConfidence],
    ['calm', isCalm, energyConfidence],
    ['happy', value >= 0.7, confidence],
    ['dark', isDark && energy >= 0.6, Math.min(confidence, energyConfidence)],
    ['sad', isDark && isCalm, Math.min(confidence, energyConfidence)],
    ['danceable', Boolean(isDanceable), Math.min(tempo?.confidence ?? 0, energyConfidence)],
  ];
  return found
    .filter(([, isSo]) => isSo)
    .map(([name, , sure]) => ({ name, confidence: round(Math.min(RULE_OF_THUMB, sure)) }))
    .toSorted((a, b) => b.confidence - a.confidence);
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
