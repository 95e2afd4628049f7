import { readFile } from 'node:fs/promises';

import { JobError } from '@volna/platform/job-progress';
import { encode } from 'blurhash';

import { LOOK_SIDE } from './draw-picture.ts';

/** What is shown of a picture before it is there. */
export interface Look {
  /** `#rrggbb`. */
  readonly color: string;
  readonly blurhash: string;
}

/** Details across and down that a blurhash keeps. */
const DETAILS = 4;
/** Colours that agree in their highest bits are taken for one. */
const BITS = 3;

/** Tells the look of a picture by a square of raw RGB. */
export async function readLook(file: string): Promise<Look> {
  const pixels = LOOK_SIDE * LOOK_SIDE;
  // ffmpeg does not call it a failure when it finds nothing to draw
  const rgb = await readFile(file).catch(() => Buffer.alloc(0));
  if (rgb.length < pixels * 3) throw new JobError('NOT_A_PICTURE', 'the file holds no picture');
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let at = 0; at < pixels; at++) rgba.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
  return {
    color: dominantColor(rgb.subarray(0, pixels * 3)),
    blurhash: encode(rgba, LOOK_SIDE, LOOK_SIDE, DETAILS, DETAILS),
  };
}

/** The mean of the colours that the most pixels share. */
export function dominantColor(rgb: Uint8Array): string {
  const bins = new Map<number, { count: number; red: number; green: number; blue: number }>();
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(at, at + 3);
    const drop = 8 - BITS;
    const name = ((red >> drop) << (2 * BITS)) | ((green >> drop) << BITS) | (blue >> drop);
    const bin = bins.get(name) ?? { count: 0, red: 0, green: 0, blue: 0 };
    bins.set(name, bin);
    bin.count++;
    bin.red += red;
    bin.green += green;
    bin.blue += blue;
  }
  const [most] = [...bins.values()].toSorted((a, b) => b.count - a.count);
  if (!most) return '#000000';
  const hex = (sum: number) =>
    Math.round(sum / most.count)
      .toString(16)
      .padStart(2, '0');
  return `#${hex(most.red)}${hex(most.green)}${hex(most.blue)}`;
}
