import type { FileTags } from '@volna/events';
import type { z } from 'zod';

type Tags = z.infer<typeof FileTags>;

const MAX_CHARACTERS = 300;
const utf8 = new TextDecoder('utf-8', { fatal: true });
const cyrillic = new TextDecoder('windows-1251');

/** The tags worth keeping, from ffprobe's raw ones (one byte a character, names in any case). */
export function readTags(raw: Readonly<Record<string, string>>): Tags {
  const byName = new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
  const text = (...names: string[]) => {
    const found = names.map((name) => byName.get(name)).find((value) => value !== undefined);
    return found === undefined ? undefined : cleanText(decodeBytes(found));
  };
  const year = /(?<!\d)(1[89]\d\d|20\d\d)(?!\d)/.exec(
    text('date', 'year', 'tyer', 'originaldate') ?? '',
  )?.[1];
  const trackNumber = /^\d{1,4}/.exec(text('track', 'tracknumber') ?? '')?.[0];
  const tags = {
    title: text('title'),
    artist: text('artist', 'album_artist'),
    album: text('album'),
    genre: text('genre'),
    year: year === undefined ? undefined : Number(year),
    trackNumber: trackNumber === undefined ? undefined : Number(trackNumber),
  };
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined && value !== ''));
}

/** Bytes that are no UTF-8 are taken for windows-1251 where that gives Russian, else for Latin-1. */
function decodeBytes(raw: string): string {
  const text = asUtf8(raw);
  return text === undefined ? repair(raw) : repair(text);
}

/** Undoes the two common misreadings: UTF-8 taken for Latin-1, and windows-1251 taken for Latin-1. */
function repair(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the range is the point
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  const twice = asUtf8(text);
  if (twice !== undefined) return twice;
  return looksRussian(text) ? cyrillic.decode(Buffer.from(text, 'latin1')) : text;
}

function asUtf8(raw: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(raw, 'latin1'));
  } catch {
    return undefined;
  }
}

/**
 * In windows-1251 every letter of a Russian word is above 0xBF and one of them is a vowel, while the accented
 * letters of Latin-1 stand among plain ones: «Ïðèâåò» against «Motörhead».
 */
function looksRussian(text: string): boolean {
  const words = text.match(/[A-Za-zÀ-ÿ¨¸]+/g) ?? [];
  const high = words.filter((word) => /[À-ÿ¨¸]/.test(word));
  const whole = high.filter((word) => !/[A-Za-z]/.test(word));
  const vowels = /[àåèîóûýþÿ¸ÀÅÈÎÓÛÝÞß¨]/;
  return whole.length === high.length && whole.some((word) => word.length >= 2 && vowels.test(word));
}

/** Composed, on one line, without control and direction characters, and bounded. */
function cleanText(text: string): string {
  const line = text
    .replaceAll('\uFFFD', '')
    .replaceAll(/[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu, '')
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return Array.from(line).slice(0, MAX_CHARACTERS).join('').trim();
}
