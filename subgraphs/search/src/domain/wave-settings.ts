import { UserError } from '@volna/platform/errors';

import type { Wave } from '../generated/prisma/client.ts';
import { MAX_EXPLORATION } from '../wave/explore.ts';
import type {
  Activity,
  EnergyCurve,
  ExplicitPolicy,
  Familiarity,
  Mood,
  WaveSettings,
  WaveWishes,
} from '../wave/state.ts';

const MOST_LANGUAGES = 20;
/** As BCP 47 has it, as far as languages of songs need it. */
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z\d]{2,8})*$/i;

/** Refuses wishes that no wave can be held to. */
export function checkWishes({ exploration, languages }: Partial<WaveWishes>): void {
  if (exploration !== undefined && !(exploration >= 0 && exploration <= MAX_EXPLORATION)) {
    throw new UserError('BAD_USER_INPUT', `exploration is from 0 to ${MAX_EXPLORATION}`, ['exploration']);
  }
  if (languages && (languages.length > MOST_LANGUAGES || !languages.every((code) => LANGUAGE.test(code)))) {
    throw new UserError('BAD_USER_INPUT', `languages are up to ${MOST_LANGUAGES} tags like en or pt-BR`, [
      'languages',
    ]);
  }
}

/** The same for a listener who may want no explicit tracks at all. */
export function heeding<S extends WaveWishes>(
  settings: S,
  { hidesExplicit }: { readonly hidesExplicit: boolean },
): S {
  return hidesExplicit ? { ...settings, explicit: 'EXCLUDE' } : settings;
}

/** What a wave's row says was asked for. */
export function readSettings(wave: Wave): WaveSettings {
  const { exploration, languages, excludesAiSuspected, randomSeed } = wave;
  return {
    mood: wave.mood as Mood,
    activity: wave.activity as Activity,
    familiarity: wave.familiarity as Familiarity,
    explicit: wave.explicit as ExplicitPolicy,
    energyCurve: wave.energyCurve as EnergyCurve,
    exploration,
    languages,
    excludesAiSuspected,
    randomSeed,
  };
}
