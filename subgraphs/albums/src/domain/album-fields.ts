import { UserError } from '@volna/platform/errors';
import { z } from 'zod';

import { LongText, ShortText, Title } from './input-fields.ts';

const MAX_ARTISTS = 20;

/** What the caller may say of an album, new or known. */
export const AlbumFields = z.object({
  title: Title,
  releaseDate: z.string().refine(isDate, 'a date is YYYY, YYYY-MM or YYYY-MM-DD').nullish(),
  type: z.enum(['ALBUM', 'EP', 'SINGLE', 'COMPILATION']).nullish(),
  label: ShortText,
  upc: z
    .string()
    .transform((text) => text.replaceAll(/[\s-]/g, ''))
    .refine(isUpc, 'a UPC has 12 digits, an EAN 13, and the last one checks the others')
    .nullish(),
  description: LongText,
  artists: z
    .array(z.object({ artistId: z.string(), role: z.enum(['MAIN', 'FEATURED']).nullish() }))
    .max(MAX_ARTISTS, `at most ${MAX_ARTISTS} artists`)
    .nullish(),
  status: z.enum(['DRAFT', 'SCHEDULED', 'RELEASED']).nullish(),
  releaseAt: z.iso.datetime().nullish(),
});
export type AlbumFields = z.infer<typeof AlbumFields>;

/** A year, a month or a day that there is. */
function isDate(value: string): boolean {
  if (!/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/.test(value)) return false;
  const day = value.padEnd(7, '-01').padEnd(10, '-01');
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
}

/** UPC-A or EAN-13: from the right every second digit counts three times, and the sum ends in 0. */
function isUpc(digits: string): boolean {
  if (!/^\d{12,13}$/.test(digits)) return false;
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, i) => total + Number(digit) * (i % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

/** What is wrong with a status and the time of a release, given together. */
export function scheduleErrors(status: string, releaseAt: string | Date | null | undefined): UserError[] {
  if (status !== 'SCHEDULED') return releaseAt ? wrong('only a scheduled album has a time of release') : [];
  if (!releaseAt) return wrong('a scheduled album needs a time of release');
  return new Date(releaseAt).getTime() > Date.now() ? [] : wrong('the time of release is not in the future');
}

function wrong(message: string): UserError[] {
  return [new UserError('BAD_USER_INPUT', message, ['releaseAt'])];
}

/** By what albums are sorted: the date of release, or the day of creation. */
export function sortDateOf(releaseDate: string | null, createdAt: Date): string {
  return releaseDate ?? createdAt.toISOString().slice(0, 10);
}
