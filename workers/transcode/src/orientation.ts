import { open } from 'node:fs/promises';

/** EXIF stands at the beginning of a JPEG, in a segment of 64 KiB at most. */
const HEAD_BYTES = 192 * 1024;
const ORIENTATION = 0x0112;
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

/** ffmpeg filters that set a picture upright, by the number that EXIF has for how it lies (CIPA DC-008, §4.6.5). */
const FILTERS: Readonly<Record<number, readonly string[]>> = {
  2: ['hflip'],
  3: ['hflip', 'vflip'],
  4: ['vflip'],
  5: ['transpose=cclock_flip'],
  6: ['transpose=clock'],
  7: ['transpose=clock_flip'],
  8: ['transpose=cclock'],
};

/** How a photograph has to be turned; nothing for what is no JPEG, or says nothing of it. */
export async function readTurn(file: string): Promise<readonly string[]> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return FILTERS[orientationOf(buffer.subarray(0, bytesRead)) ?? 1] ?? [];
}

export function orientationOf(jpeg: Buffer): number | null {
  if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff;) {
    const marker = jpeg[at + 1];
    const length = jpeg.readUInt16BE(at + 2);
    if (marker === START_OF_SCAN || length < 2) return null;
    const body = jpeg.subarray(at + 4, at + 2 + length);
    if (marker === APP1 && body.toString('latin1', 0, 6) === 'Exif\0\0') return inTiff(body.subarray(6));
    at += 2 + length;
  }
  return null;
}

/** The first directory of a TIFF: its entries have twelve bytes each. */
function inTiff(tiff: Buffer): number | null {
  if (tiff.length < 8) return null;
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return null;
  const entries = short(directory);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * 12;
    if (at + 12 > tiff.length) return null;
    if (short(at) === ORIENTATION) return short(at + 8);
  }
  return null;
}
