import { UserError, UserErrors } from '@volna/platform/errors';
import { z } from 'zod';

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /[^\P{Cc}\n\t]/u;

/** One line of text that a person wrote: trimmed, well-formed, without control characters. */
export function line(min: number, max: number) {
  return z
    .string()
    .transform((text) => text.toWellFormed().normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(min)
        .max(max)
        .refine((text) => !CONTROL.test(text), 'has control characters'),
    );
}

/** The same with line breaks. */
export function prose(max: number) {
  return z
    .string()
    .transform((text) => text.toWellFormed().normalize('NFC').replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .max(max)
        .refine((text) => !CONTROL_BUT_BREAKS.test(text), 'has control characters'),
    );
}

export const Title = line(1, 300);
export const Genre = line(1, 60);
export const Year = z.number().int().min(1000).max(2100);

/** The input of a mutation, read; each thing wrong with it is a `BAD_USER_INPUT` with its path. */
export function readInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new UserErrors(
    parsed.error.issues.map(
      ({ message, path }) =>
        new UserError(
          'BAD_USER_INPUT',
          message,
          path.map((key) => String(key)),
        ),
    ),
  );
}

/** What titles are compared by. */
export function keyOfTitle(title: string): string {
  return title.normalize('NFC').trim().toLowerCase();
}
