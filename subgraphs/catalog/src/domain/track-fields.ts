import { z } from 'zod';

import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { setGenres } from '../genres/spell-genres.ts';
import { withTagKeys } from './fold-word.ts';
import { Genre, line, MAX_GENRES, Year } from './input.ts';
import { Lyrics, type ReadLyrics } from './lyrics.ts';

const MAX_TAGS = 50;

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

const LyricsInput = z
  .object({ text: Lyrics, language: Language.nullish() })
  .transform(({ text: lyrics, language }) => ({ ...lyrics, language: language ?? null }));

/** What an uploader says of a track beside its title. What is left out stays as it is; null takes it away. */
export const TRACK_FIELDS = {
  year: Year.nullish(),
  genre: Genre.nullish(),
  genres: Genres.nullish(),
  tags: z.array(line('a tag', 60)).max(MAX_TAGS, `a track has at most ${MAX_TAGS} tags`).nullish(),
  trackNumber: TrackNumber.nullish(),
  discNumber: DiscNumber.nullish(),
  language: Language.nullish(),
  explicit: z.boolean().nullish(),
  isrc: Isrc.nullish(),
  lyrics: LyricsInput.nullish(),
};

const Fields = z.object(TRACK_FIELDS);
type Fields = z.output<typeof Fields>;

/** Columns of the track's row for what was said. */
export function columnsOf({ tags, ...fields }: Fields): Prisma.TrackUncheckedUpdateInput {
  const { year, trackNumber, discNumber, language, explicit, isrc } = fields;
  const said = Object.entries({ year, trackNumber, discNumber, language, explicit, isrc });
  return {
    ...Object.fromEntries(said.filter(([, value]) => value !== undefined)),
    ...(tags === undefined ? {} : { ...withTagKeys(tags ?? []), tagsGiven: true }),
  };
}

/** What was said and is kept in other tables. */
export async function saveFields(tx: Transaction, trackId: string, fields: Fields): Promise<void> {
  const { genre, genres = genre === undefined ? undefined : [genre ?? []].flat(), lyrics } = fields;
  if (genres !== undefined) {
    const stated = (genres ?? []).map((name) => ({ name, confidence: 1 }));
    await setGenres(tx, trackId, 'USER', stated);
  }
  if (lyrics !== undefined) await setLyrics(tx, trackId, 'USER', lyrics);
}

/** Null takes them away. */
export async function setLyrics(
  tx: Transaction,
  trackId: string,
  source: 'USER' | 'FILE',
  lyrics: (ReadLyrics & { readonly language: string | null }) | null,
): Promise<void> {
  await tx.trackLyrics.deleteMany({ where: { trackId } });
  if (!lyrics) return;
  const { text, language } = lyrics;
  const lines = lyrics.lines ? lyrics.lines.map((sung) => ({ ...sung })) : Prisma.DbNull;
  await tx.trackLyrics.create({ data: { trackId, source, text, language, lines } });
}
