import type { WaveWish } from '../domain/start-wave.ts';
import type { StartWaveInput, TuneWaveInput } from '../generated/graphql.ts';
import { DEFAULT_EXPLORATION } from '../wave/explore.ts';
import type { WaveWishes } from '../wave/state.ts';

/** What is asked for, with what is meant where nothing is. */
export function toWish(input: StartWaveInput): WaveWish {
  return {
    seed: input.seed ?? null,
    mood: input.mood ?? 'ANY',
    activity: input.activity ?? 'ANY',
    familiarity: input.familiarity ?? 'DEFAULT',
    exploration: input.exploration ?? DEFAULT_EXPLORATION,
    languages: input.languages ?? [],
    explicit: input.explicit ?? 'ALLOW',
    energyCurve: input.energyCurve ?? 'FLAT',
    excludesAiSuspected: input.excludeAiSuspected ?? false,
  };
}

/** Only what is to be changed. */
export function toChanges({ excludeAiSuspected, ...input }: TuneWaveInput): Partial<WaveWishes> {
  const given = { ...input, excludesAiSuspected: excludeAiSuspected };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}
