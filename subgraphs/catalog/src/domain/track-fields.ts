import { z } from 'zod';

import { Genre, MAX_GENRES } from './input.ts';

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** A BCP 47 tag as it is best written, `ru` for `rus`; null for what names no language. */
export function readLanguage(tag: string): string | null {
  try {
    const [canonical = ''] = Intl.getCanonicalLocales(tag.trim());
    const { language } = new Intl.Locale(canonical);
    return language !== 'und' && languages.of(language) !== undefined ? canonical : null;
  } catch (err) {
    if (err instanceof RangeError) return null;
    throw err;
  }
}

/** Twelve characters: country, registrant, year and number, whatever stood between them; null for anything else. */
export function readIsrc(text: string): string | null {
  const code = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replace(/^ISRC:?/, '');
  return /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(code) ? code : null;
}

function read(parse: (text: string) => string | null, message: string) {
  return z
    .string()
    .max(100, message)
    .transform((text, context) => {
      const value = parse(text);
      if (value !== null) return value;
      context.addIssue(message);
      return z.NEVER;
    });
}

function count(what: string, max: number) {
  const message = `${what} is a whole number from 1 to ${max}`;
  return z.number(message).int(message).min(1, message).max(max, message);
}

export const Language = read(readLanguage, 'a language is a BCP 47 tag, such as ru or pt-BR');
export const Isrc = read(readIsrc, 'an ISRC has twelve characters, such as FI-ABC-24-00001');
export const TrackNumber = count('a track number', 9999);
export const DiscNumber = count('a disc number', 999);
export const Genres = z.array(Genre).max(MAX_GENRES, `a track has at most ${MAX_GENRES} genres`);
