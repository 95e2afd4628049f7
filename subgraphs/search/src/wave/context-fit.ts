import type { Activity, Mood } from './state.ts';

/** Bounds of a trait, either of which may be open. Energy and valence are 0–1, tempo is in beats per minute. */
type Range = readonly [low: number, high: number];
type Box = Partial<Readonly<Record<'tempo' | 'energy' | 'valence', Range>>>;

const MOODS: Readonly<Record<Mood, Box>> = {
  ANY: {},
  FUN: { energy: [0.5, 1], valence: [0.55, 1] },
  ACTIVE: { tempo: [115, 250], energy: [0.6, 1] },
  CALM: { tempo: [0, 110], energy: [0, 0.4] },
  SAD: { energy: [0, 0.55], valence: [0, 0.4] },
};
const ACTIVITIES: Readonly<Record<Activity, Box>> = {
  ANY: {},
  WAKE_UP: { energy: [0.35, 0.75], valence: [0.45, 1] },
  WORK: { energy: [0.2, 0.6] },
  WORKOUT: { tempo: [118, 180], energy: [0.65, 1] },
  ROAD: { tempo: [90, 145], energy: [0.45, 0.9] },
  PARTY: { tempo: [105, 200], energy: [0.65, 1], valence: [0.5, 1] },
  SLEEP: { tempo: [0, 95], energy: [0, 0.3] },
};
/** How far outside counts as wholly unfit. */
const SCALE = { tempo: 60, energy: 0.5, valence: 0.5 } as const;
/** What a track that nothing is known of loses, beside 1 for one that is wholly unfit. */
const UNKNOWN = 0.4;

/** A track that misses its box by less is near it. */
const NEAR = 0.15;
const TIER = 0.2;

const MOOD_WORDS: Readonly<Record<Mood, string | null>> = {
  ANY: null,
  FUN: 'fun',
  ACTIVE: 'active',
  CALM: 'calm',
  SAD: 'sad',
};
const ACTIVITY_WORDS: Readonly<Record<Activity, string | null>> = {
  ANY: null,
  WAKE_UP: 'fit for waking up',
  WORK: 'fit for work',
  WORKOUT: 'fit for a workout',
  ROAD: 'fit for the road',
  PARTY: 'fit for a party',
  SLEEP: 'fit for sleep',
};

export interface Traits {
  readonly tempo: number | null;
  readonly energy: number | null;
  readonly valence: number | null;
}

/** How badly a track fits what the listener is up to: 0 fits, 1 does not at all. */
export function contextMisfit(mood: Mood, activity: Activity, traits: Traits): number {
  if (mood === 'ANY' && activity === 'ANY') return 0;
  return Math.max(boxMisfit(MOODS[mood], traits), boxMisfit(ACTIVITIES[activity], traits));
}

/** How far outside what was asked for a track is: 0 is near it, and a lower tier comes before any higher one. */
export function contextTier(mood: Mood, activity: Activity, traits: Traits): number {
  return Math.ceil(Math.max(0, contextMisfit(mood, activity, traits) - NEAR) / TIER);
}

/** What was asked for, in words; null where it was nothing. */
export function nameRequest(mood: Mood, activity: Activity): string | null {
  const words = [MOOD_WORDS[mood], ACTIVITY_WORDS[activity]].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(' and ');
}

function boxMisfit(box: Box, traits: Traits): number {
  const misfits = (['tempo', 'energy', 'valence'] as const).flatMap((trait) => {
    const range = box[trait];
    return range ? [rangeMisfit(range, traits[trait], SCALE[trait])] : [];
  });
  if (misfits.length === 0) return 0;
  const mean = misfits.reduce((sum, misfit) => sum + misfit, 0) / misfits.length;
  // one trait that is far off spoils the others
  return (mean + Math.max(...misfits)) / 2;
}

function rangeMisfit([low, high]: Range, value: number | null, scale: number): number {
  if (value === null) return UNKNOWN;
  return Math.min(1, Math.max(low - value, value - high, 0) / scale);
}
