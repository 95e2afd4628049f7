import type { DataOf, trackTranscoded } from '@volna/events';
import { JobError } from '@volna/platform/job-progress';
import { logger } from '@volna/platform/log';
import type { Objects } from '@volna/platform/objects';
import type { Scratch } from '@volna/platform/scratch';

import { drawPicture, type PictureSource } from './draw-picture.ts';
import { MAX_PICTURE_PIXELS, type Tools } from './ffmpeg.ts';
import type { Source } from './inspect.ts';
import { readLook } from './look.ts';
import { ToolFailedError } from './run-tool.ts';
import { storeFile } from './store-files.ts';

type Images = DataOf<typeof trackTranscoded>['cover'];

const SIDES = { SMALL: 64, MEDIUM: 300, LARGE: 640 } as const;
const PICTURE_CODES = new Set(['NOT_A_PICTURE', 'PICTURE_TOO_LARGE', 'TIMED_OUT']);
const TIMEOUT_MS = 30_000;

/** Where a try keeps its files, and from what it makes them. */
export interface CoverWork extends Tools {
  readonly objects: Objects;
  readonly scratch: Scratch;
  readonly original: string;
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/** Stores the embedded cover as squares no larger than it is. Null for one that cannot be drawn, which costs only itself. */
export async function storeCover(work: CoverWork, picture: Source['picture']): Promise<Images | null> {
  if (!picture) return [];
  try {
    if (picture.width * picture.height > MAX_PICTURE_PIXELS)
      throw new JobError('PICTURE_TOO_LARGE', 'too many pixels');
    const side = Math.min(picture.width, picture.height) || SIDES.LARGE;
    return await drawAndStore(work, { file: work.original }, side);
  } catch (err) {
    if (!isOfPicture(err)) throw err;
    logger.warn({ err, picture, prefix: work.prefix }, 'cover left out');
    return null;
  }
}

/** A picture that is refused, broken or takes too long, as against a fault of ours. */
function isOfPicture(err: unknown): boolean {
  return err instanceof ToolFailedError || (err instanceof JobError && PICTURE_CODES.has(err.code));
}

/** Draws squares of a picture whose shorter side is known, no larger than it is. */
export async function drawAndStore(
  work: Omit<CoverWork, 'original'>,
  source: PictureSource,
  side: number,
): Promise<Images> {
  const { objects, scratch, prefix, signal } = work;
  const images = Object.entries(SIDES).map(([size, wanted]) => ({
    size: size as keyof typeof SIDES,
    side: Math.min(wanted, side),
    file: scratch.path(`cover-${wanted}.webp`),
    key: `${prefix}/cover-${wanted}.webp`,
  }));
  const look = scratch.path('look.rgb');
  await drawPicture(work, source, images, look, { signal, timeoutMs: TIMEOUT_MS });
  const seen = await readLook(look);
  for (const { file, key } of images) await storeFile(objects, file, key);
  return images.map(({ size, key, side: width }) => ({ size, key, width, height: width, ...seen }));
}
