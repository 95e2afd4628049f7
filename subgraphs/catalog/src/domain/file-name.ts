import { basename, extname } from 'node:path/posix';

const MAX_NAME = 200;
const MAX_KEY_NAME = 100;

/** A file name for people: no folders, no control characters, not endless. */
export function cleanFilename(name: string): string {
  const flat = name.toWellFormed().normalize('NFC').replaceAll('\\', '/');
  const bare = basename(flat)
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return shorten(/^\.*$/.test(bare) ? 'upload' : bare, MAX_NAME);
}

/** The same as the last part of an object key. */
export function keyName(filename: string): string {
  const ascii = filename
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '');
  return shorten(ascii === '' ? 'file' : ascii, MAX_KEY_NAME);
}

/** What a file name says of the title: `07 - Night_Drive.flac` is `Night Drive`. */
export function titleOfFilename(filename: string): string {
  const stem = filename.slice(0, filename.length - extname(filename).length);
  const words = stem
    .replaceAll('_', ' ')
    .replace(/^\s*\d{1,3}\s*[-.)]\s*(?=\S)/, '')
    .trim();
  return words || stem || filename;
}

function shorten(name: string, max: number): string {
  const extension = extname(name).slice(0, 20);
  const letters = Array.from(name);
  return letters.length <= max ? name : letters.slice(0, max - extension.length).join('') + extension;
}
