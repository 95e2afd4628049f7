import { z } from 'zod';

import type { User } from '../models.ts';

const Stored = z.object({
  explicitContent: z.boolean().catch(true),
  privateListening: z.boolean().catch(false),
  signInLetters: z.boolean().catch(true),
});

/** How Volna treats a user; what was never set is as it is for everybody. */
export interface UserSettings extends z.output<typeof Stored> {
  readonly locale: 'EN' | 'RU';
}

export function readSettings({ settings, locale }: Pick<User, 'locale' | 'settings'>): UserSettings {
  return { ...Stored.parse(settings), locale: locale === 'ru' ? 'RU' : 'EN' };
}

/** The columns that hold them. */
export function settingsColumns({ locale, ...settings }: UserSettings) {
  return { locale: locale === 'RU' ? 'ru' : 'en', settings };
}

/** The language of letters to somebody who reads these (Accept-Language). */
export function localeOf(acceptLanguage = ''): 'en' | 'ru' {
  return /^\s*ru\b/i.test(acceptLanguage) ? 'ru' : 'en';
}
