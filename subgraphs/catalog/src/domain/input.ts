import { z } from 'zod';

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /[^\P{Cc}\n\t]/u;

/** One line of text that a person wrote: trimmed, well-formed, without control characters. `what`: `a title`. */
export function line(what: string, max: number) {
  return z
    .string()
    .transform((text) => text.toWellFormed().normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(1, `${what} is needed`)
        .max(max, `${what} has at most ${count(max)} characters`)
        .refine((text) => !CONTROL.test(text), `${what} has no control characters`),
    );
}

/** The same with line breaks. */
export function prose(what: string, max: number) {
  return z
    .string()
    .transform((text) => text.toWellFormed().normalize('NFC').replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .max(max, `${what} has at most ${count(max)} characters`)
        .refine((text) => !CONTROL_BUT_BREAKS.test(text), `${what} has no control characters`),
    );
}

const count = (value: number) => value.toLocaleString('en');

const NO_YEAR = 'a year is a whole number from 1000 to 2100';
export const Title = line('a title', 300);
export const Genre = line('a genre', 60);
export const Year = z.number(NO_YEAR).int(NO_YEAR).min(1000, NO_YEAR).max(2100, NO_YEAR);

/** What titles are compared by. */
export function keyOfTitle(title: string): string {
  return title.normalize('NFC').trim().toLowerCase();
}
