import { cleanLine, cleanLines } from '@volna/platform/clean-text';
import { z } from 'zod';

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /[^\P{Cc}\n\t]/u;

/** One line of text that a person wrote: trimmed, nothing in it that is not seen. `what`: `a title`. */
export function line(what: string, max: number) {
  return text(what, CONTROL)
    .transform(cleanLine)
    .pipe(
      z
        .string()
        .min(1, `${what} is needed`)
        .max(max, `${what} has at most ${count(max)} characters`),
    );
}

/** The same with line breaks. */
export function prose(what: string, max: number) {
  return text(what, CONTROL_BUT_BREAKS)
    .transform(cleanLines)
    .pipe(z.string().max(max, `${what} has at most ${count(max)} characters`));
}

function text(what: string, refused: RegExp) {
  return z
    .string()
    .transform((given) => given.replaceAll('\r\n', '\n').trim())
    .pipe(z.string().refine((given) => !refused.test(given), `${what} has no control characters`));
}

const count = (value: number) => value.toLocaleString('en');

const NO_YEAR = 'a year is a whole number from 1000 to 2100';
export const Title = line('a title', 300);
export const Genre = line('a genre', 60);
/** How many genres one source may state of a track. */
export const MAX_GENRES = 10;
export const Year = z.number(NO_YEAR).int(NO_YEAR).min(1000, NO_YEAR).max(2100, NO_YEAR);

/** What titles are compared by. */
export function keyOfTitle(title: string): string {
  return title.normalize('NFC').trim().toLowerCase();
}
