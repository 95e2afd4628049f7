import { cleanLine, cleanLines } from '../clean-text.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const cyrillic = new TextDecoder('windows-1251');

/** Windows-1252 above 0x7F, which readers take for Latin-1: back to its bytes. */
const BYTE_OF = new Map(
  Array.from({ length: 0x20 }, (_, at) => 0x80 + at).map((byte) => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    byte,
  ]),
);

/** One line of a tag: encoding repaired, composed, without what is not seen, and bounded. */
export function cleanTag(raw: string, max: number): string {
  return cut(cleanLine(repairText(raw).replaceAll('\uFFFD', '')), max);
}

/** The same with its lines. */
export function cleanTagLines(raw: string, max: number): string {
  return cut(cleanLines(repairText(raw).replaceAll('\uFFFD', '')), max);
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : Array.from(text).slice(0, max).join('').trim();
}

/** Undoes what readers and writers of tags commonly take for something else. */
export function repairText(text: string): string {
  const wide = swapBytes(text);
  if (wide !== text) return wide;
  const bytes = toBytes(text);
  if (bytes === null) return text;
  const twice = asUtf8(bytes);
  if (twice !== undefined) return twice;
  const asLatin1 = bytes.toString('latin1');
  return looksRussian(asLatin1) ? cyrillic.decode(bytes) : text;
}

/** The bytes that were taken for Latin-1 or windows-1252; null where there is nothing above ASCII, or more than that. */
function toBytes(text: string): Buffer | null {
  const bytes: number[] = [];
  let isPlain = true;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const byte = BYTE_OF.get(character) ?? code;
    if (byte > 0xff) return null;
    if (byte > 0x7f) isPlain = false;
    bytes.push(byte);
  }
  return isPlain ? null : Buffer.from(bytes);
}

/** Text of these bytes; undefined where they are no UTF-8. */
export function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-16 without a byte order mark that was read the wrong way round: Latin and Cyrillic lie in 0x0000–0x052F. */
function swapBytes(text: string): string {
  if (text.length === 0 || !/^[^\0-\u052F]/.test(text)) return text;
  const swapped = Buffer.from(text, 'utf16le').swap16().toString('utf16le');
  return /^[\t\n\r\x20-\u052F\u2010-\u2122]+$/.test(swapped) ? swapped : text;
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
