import type { LetterLocale, LetterTemplate } from '@volna/events';
import { z } from 'zod';

/** A text, or a code on a line of its own. */
export type Paragraph = string | { readonly code: string };

export interface Words {
  readonly subject: string;
  readonly body: readonly Paragraph[];
}

const name = z.string();
const code = z.string();
const minutes = z.coerce.number().int().positive();
/** ISO 8601. */
const at = z.iso.datetime();

/** What each letter fills in, as the bus brings it. */
export const VALUES = {
  'verify-email': z.object({ name, code, minutes }),
  'reset-password': z.object({ name, code, minutes }),
  'sign-in-code': z.object({ name, code, minutes }),
  'new-sign-in': z.object({ name, at, device: z.string(), network: z.string() }),
  'password-changed': z.object({ name, at }),
  /** `email` is the new address, not in full: whoever reads the old mailbox may be somebody else. */
  'email-change': z.object({ name, email: z.string() }),
  'email-changed': z.object({ name, email: z.string() }),
  'export-ready': z.object({ name, until: at }),
  erased: z.object({ name, request: z.string() }),
} satisfies Record<LetterTemplate, z.ZodType>;

/** The letters in one language. */
export type Letters = {
  readonly [Template in LetterTemplate]: (values: z.output<(typeof VALUES)[Template]>) => Words;
};

/** Times and amounts as a language writes them; times in UTC, as we do not know where the reader is. */
export function formatsOf(locale: LetterLocale) {
  const amount = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'long' });
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return {
    minutes: (count: number) => amount.format(count),
    moment: (iso: string) => `${time.format(new Date(iso))} UTC`,
    date: (iso: string) => day.format(new Date(iso)),
  };
}
