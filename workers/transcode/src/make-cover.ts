import type { coverMade, coverOrdered, DataOf, JobTry } from '@volna/events';
import { JobError } from '@volna/platform/job-progress';
import type { JobContext } from '@volna/platform/job-worker';
import type { Objects } from '@volna/platform/objects';
import { openScratch } from '@volna/platform/scratch';
import { z } from 'zod';

import { drawAndStore } from './cover.ts';
import { discard, fetchOriginal } from './fetch-original.ts';
import { probeJson, type Run, type Tools } from './ffmpeg.ts';
import { readTurn } from './orientation.ts';
import { ToolFailedError } from './run-tool.ts';

type Order = DataOf<typeof coverOrdered>;
type Result = Omit<DataOf<typeof coverMade>, keyof JobTry>;

const TIMEOUT_MS = 30_000;
/** By their bytes: what goes by a file's name could read others, and SVG is a program. */
const FORMATS = 'jpeg_pipe,png_pipe,webp_pipe,gif';
const CODECS = 'mjpeg,png,webp,gif';
/** Two are enough to tell that a picture moves. */
const LOOK_AT = ['-count_packets', '-read_intervals', '%+#2'];
const TOO_MANY = /exceeds (?:the )?specified max pixel count|Picture size \d+x\d+ is invalid/;

const Probe = z.object({
  streams: z
    .array(
      z.object({
        width: z.number().default(0),
        height: z.number().default(0),
        nb_read_packets: z.coerce.number().default(0),
      }),
    )
    .default([]),
});

/** Makes the sizes of an uploaded picture, upright and without what its file says beside it. */
export async function makeCover(
  { objects, ...tools }: Tools & { readonly objects: Objects },
  { originalKey, outputPrefix: prefix, maxPixels }: Order,
  { signal, report }: JobContext,
): Promise<Result> {
  await using scratch = await openScratch();
  const file = scratch.path('original');
  report('PROBING', 0);
  await fetchOriginal(objects, originalKey, file);
  const guards = guardsOf(maxPixels);
  try {
    const side = await inspectPicture(tools, file, guards, maxPixels, { signal, timeoutMs: TIMEOUT_MS });
    const source = { file, guards, turn: await readTurn(file) };
    return { images: await drawAndStore({ objects, ...tools, scratch, prefix, signal }, source, side) };
  } catch (err) {
    await discard(objects, prefix);
    if (!(err instanceof ToolFailedError)) throw err;
    if (TOO_MANY.test(err.stderr)) throw tooLarge(maxPixels);
    throw new JobError('NOT_A_PICTURE', 'the file is no picture that is taken here', false, { cause: err });
  }
}

/** The shorter side, before anything is decoded. */
async function inspectPicture(
  tools: Tools,
  file: string,
  guards: readonly string[],
  maxPixels: number,
  run: Run,
): Promise<number> {
  const { json, complaints } = await probeJson(tools, file, run, [...guards, ...LOOK_AT]);
  const [picture] = Probe.parse(JSON.parse(json)).streams;
  const { width, height, nb_read_packets: frames } = picture ?? { width: 0, height: 0, nb_read_packets: 0 };
  // the size of what is refused is not always told
  if (width * height > maxPixels || TOO_MANY.test(complaints)) throw tooLarge(maxPixels);
  if (width < 1 || height < 1) throw new JobError('NOT_A_PICTURE', 'the file holds no picture');
  if (frames > 1) throw new JobError('NOT_A_PICTURE', 'the picture moves: those are not taken');
  return Math.min(width, height);
}

function guardsOf(maxPixels: number): string[] {
  const kinds = `-protocol_whitelist file -format_whitelist ${FORMATS} -codec_whitelist ${CODECS}`;
  return `${kinds} -max_pixels ${maxPixels}`.split(' ');
}

const tooLarge = (maxPixels: number) =>
  new JobError('PICTURE_TOO_LARGE', `the picture has more than ${maxPixels} pixels`);
