import type { FileTags } from '@volna/events';
import type { IAudioMetadata } from 'music-metadata';
import type { z } from 'zod';

import { lyricsOf } from './lyrics.ts';
import { cleanTag } from './repair-text.ts';

type Tags = z.infer<typeof FileTags>;
type Common = IAudioMetadata['common'];

/** Characters of a line, and entries of a list, that are kept. */
const MAX_CHARACTERS = 300;
const MAX_LIST = 20;
const MAX_NUMBER = 9_999;

/** What a file's tags say, in our words; what they leave out or what cannot be read is not there. */
export function toFileTags(metadata: IAudioMetadata): Tags {
  const { common } = metadata;
  const tags: { [Name in keyof Tags]-?: Tags[Name] | undefined } = {
    ...namesOf(common),
    ...numbersOf(common),
    title: line(common.title),
    album: line(common.album),
    genre: lines(common.genre)?.[0],
    genres: lines(common.genre),
    label: joined(common.label ?? common.publisher),
    upc: digitsOf(common.barcode ?? nativeOf(metadata, 'UPC'), 8, 14),
    isCompilation: isCompilation(metadata) || undefined,
    language: line(common.language ?? nativeOf(metadata, 'LANGUAGE'))?.slice(0, 35),
    explicit: isExplicit(nativeOf(metadata, 'ITUNESADVISORY') ?? nativeOf(metadata, 'rtng')),
    isrc: isrcOf(common.isrc),
    lyrics: lyricsOf(common),
  };
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined && value !== ''));
}

function namesOf(common: Common) {
  const artists = lines(common.artists);
  return {
    artist: line(common.artist) ?? artists?.join(', ') ?? line(common.albumartist),
    // one name alone says nothing more than `artist`
    artists: artists && artists.length > 1 ? artists : undefined,
    albumArtist: line(common.albumartist) ?? lines(common.albumartists)?.[0],
    composer: joined(common.composer),
    remixer: joined(common.remixer),
  };
}

function numbersOf(common: Common) {
  const releaseDate = dateOf(common.date) ?? dateOf(common.releasedate) ?? dateOf(common.originaldate);
  const year = releaseDate?.slice(0, 4) ?? yearIn(String(common.year ?? common.date ?? ''));
  return {
    trackNumber: numberOf(common.track.no),
    discNumber: numberOf(common.disk.no),
    releaseDate: releaseDate ?? year,
    year: year === undefined ? undefined : Number(year),
  };
}

function numberOf(value: number | null | undefined): number | undefined {
  return value && Number.isInteger(value) && value > 0 && value <= MAX_NUMBER ? value : undefined;
}

const yearIn = (text: string) => /(?<!\d)(1[89]\d\d|20\d\d)(?!\d)/.exec(text)?.[1];

/** `2024`, `2024-05` or `2024-05-17` of what begins with it; zeros in place of a month or a day are left out. */
function dateOf(raw: string | undefined): string | undefined {
  const [, year, month, day] =
    /^\s*(1[89]\d\d|20\d\d)(?:[-./](\d\d)(?:[-./](\d\d))?)?(?!\d)/.exec(raw ?? '') ?? [];
  if (year === undefined) return undefined;
  if (!month || Number(month) < 1 || Number(month) > 12) return year;
  const text = `${year}-${month}-${day ?? ''}`;
  const isDay = day !== undefined && new Date(`${text}T00:00:00Z`).getUTCDate() === Number(day);
  return isDay ? text : `${year}-${month}`;
}

/** One line; undefined where parts of it were lost to a wrong encoding. */
function line(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw.includes('\uFFFD')) return undefined;
  return cleanTag(raw, MAX_CHARACTERS) || undefined;
}

function lines(raw: readonly string[] | undefined): string[] | undefined {
  const read =
    raw
      ?.slice(0, MAX_LIST)
      .map(line)
      .filter((value) => value !== undefined) ?? [];
  return read.length > 0 ? [...new Set(read)] : undefined;
}

function joined(raw: readonly string[] | undefined): string | undefined {
  return lines(raw)?.join('; ').slice(0, MAX_CHARACTERS);
}

function digitsOf(raw: unknown, min: number, max: number): string | undefined {
  const digits = line(raw)?.replaceAll(/[\s-]/g, '') ?? '';
  return /^\d+$/.test(digits) && digits.length >= min && digits.length <= max ? digits : undefined;
}

function isrcOf(raw: readonly string[] | undefined): string | undefined {
  const codes = lines(raw)?.map((code) => code.replaceAll('-', '').toUpperCase());
  return codes?.find((code) => /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(code));
}

/** ffmpeg writes `TCMP` as a text of that name. */
function isCompilation(metadata: IAudioMetadata): boolean {
  const said = nativeOf(metadata, 'COMPILATION') ?? nativeOf(metadata, 'TCMP');
  return metadata.common.compilation === true || said === '1';
}

/** 1 (and once 4) is explicit, 2 is a clean edition of something that is. */
function isExplicit(raw: unknown): boolean | undefined {
  const value = Number(typeof raw === 'string' || typeof raw === 'number' ? raw : NaN);
  if (value === 1 || value === 4) return true;
  return value === 2 ? false : undefined;
}

/** The first value of a tag that has no common name, whatever stands before its own. */
function nativeOf({ native }: IAudioMetadata, name: string): unknown {
  for (const tags of Object.values(native)) {
    const found = tags.find(({ id }) => id.split(':').at(-1)?.toUpperCase() === name.toUpperCase());
    if (found) return found.value;
  }
  return undefined;
}
