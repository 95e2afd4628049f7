import { mkdir } from 'node:fs/promises';

import type { DataOf, JobTry, renditionStored, trackTranscoded, transcodeOrdered } from '@volna/events';
import { type TagReader, UnreadableTagsError } from '@volna/platform/audio-tags/tag-reader';
import { hashFile } from '@volna/platform/hash-file';
import type { JobContext } from '@volna/platform/job-worker';
import { logger } from '@volna/platform/log';
import type { Objects } from '@volna/platform/objects';
import { openScratch } from '@volna/platform/scratch';

import { storeCover } from './cover.ts';
import { encode, FIRST_KBPS } from './encode.ts';
import { discard, fetchOriginal } from './fetch-original.ts';
import type { Run, Tools } from './ffmpeg.ts';
import { type First, makeFirst, type Work } from './first-rendition.ts';
import { inspect, orRefuse, type Source } from './inspect.ts';
import { exactFormatOf } from './lossless.ts';
import { type Loudness, readLoudness } from './loudness.ts';
import { readPeaks } from './peaks.ts';
import { EXACT_FILE, packRenditions, renditionOf, writeLadder } from './rendition-files.ts';
import { storeFile, storeFolder } from './store-files.ts';

export interface Deps extends Tools {
  readonly objects: Objects;
  readonly tags: TagReader;
  /** Told of the rendition that can be played while the others are in work, where anybody wants to know. */
  readonly tellFirst?: (first: DataOf<typeof renditionStored>) => Promise<void>;
}

type Order = DataOf<typeof transcodeOrdered>;
type Result = Omit<DataOf<typeof trackTranscoded>, keyof JobTry>;

const PEAKS = 2_000;
/** Shares of the job: looking at the file, its first rendition, the others, storing what came out. */
const PROBED = 0.05;
const FIRST = 0.25;
const ENCODED = 0.85;

/** Turns an original into HLS, PCM, cover and measurements; a try that fails leaves no objects behind. */
export async function transcode(deps: Deps, order: Order, context: JobContext): Promise<Result> {
  try {
    return await makeRenditions(deps, order, context);
  } catch (err) {
    await discard(deps.objects, order.outputPrefix);
    throw err;
  }
}

async function makeRenditions(deps: Deps, order: Order, context: JobContext): Promise<Result> {
  const { objects } = deps;
  const { outputPrefix: prefix, maxSeconds } = order;
  const { signal, report } = context;
  await using scratch = await openScratch();
  const [original, hls, pcm] = [scratch.path('original'), scratch.path('hls'), scratch.path('pcm.f32')];

  report('PROBING', 0);
  await fetchOriginal(objects, order.originalKey, original);
  const source = await inspect(deps, original, maxSeconds, signal);
  // the rate of the source's own family: 44.1 kHz of CDs, or 48 kHz of everything else
  const sampleRate = source.sampleRate % 11_025 === 0 ? 44_100 : 48_000;
  const work = { original, source, hls, sampleRate, maxSeconds };
  await mkdir(`${hls}/flac`, { recursive: true });

  const first = await makeFirst(deps, work, watched(context, source, PROBED, FIRST));
  await storeFirst(deps, order, { hls, first, signal });
  const files = { pcm, exact: scratch.path('exact.flac') };
  const rest = await makeRest(deps, work, first, files, context);

  const cover = await storeCover({ ...deps, scratch, original, prefix, signal }, source.picture);
  await storeFile(objects, pcm, `${prefix}/pcm.f32`);
  const onDone = (share: number) => report('TRANSCODING', ENCODED + (1 - ENCODED) * share);
  const except = `${FIRST_KBPS}/`;
  await storeFolder(objects, hls, `${prefix}/hls`, { signal, except, onDone });

  return {
    hlsPrefix: `${prefix}/hls`,
    ...rest,
    gapless: first.gapless,
    durationMs: Math.round(first.seconds * 1000),
    codec: source.codec,
    sampleRate: source.sampleRate,
    channels: source.channels,
    peaks: await readPeaks(pcm, PEAKS),
    pcmKey: `${prefix}/pcm.f32`,
    cover: cover ?? [],
    warnings: cover ? [] : ['COVER_REFUSED'],
    sha256: await hashFile(original, signal),
    tags: await readTags(deps, original, source),
  };
}

/** Lets the track be played. What is stored here stays as it is, but for the master, which grows. */
async function storeFirst(
  { objects, tellFirst }: Deps,
  { jobId, attempt, trackId, outputPrefix }: Order,
  { hls, first, signal }: { hls: string; first: First; signal: AbortSignal },
): Promise<void> {
  const hlsPrefix = `${outputPrefix}/hls`;
  await writeLadder(hls, [FIRST_KBPS]);
  await storeFolder(objects, hls, hlsPrefix, { signal, onDone: () => {} });
  // a clip is nobody's to play
  if (trackId === null || !tellFirst) return;
  const durationMs = Math.round(first.seconds * 1000);
  const renditions = [renditionOf(FIRST_KBPS)];
  const told = { jobId, attempt, hlsPrefix, renditions, gapless: first.gapless, durationMs };
  // whoever does not hear of it plays the track when all is there
  await tellFirst(told).catch((err: unknown) =>
    logger.warn({ err, jobId }, 'a first rendition is not told of'),
  );
}

type Rest = Pick<Result, 'renditions' | 'lossless'> & Loudness;

/** The other renditions, each one's file, and what is measured. */
async function makeRest(
  tools: Tools,
  { original, source, hls, sampleRate, maxSeconds }: Work,
  { gapless }: First,
  { pcm, exact }: { pcm: string; exact: string },
  context: JobContext,
): Promise<Rest> {
  const run = watched(context, source, FIRST, ENCODED);
  const format = exactFormatOf(source);
  // the original in FLAC is all that such a file would be
  const file = source.codec === 'flac' ? exact : `${hls}/${EXACT_FILE}`;
  await mkdir(`${hls}/files`);
  const target = { hls, sampleRate, pcm, maxSeconds: maxSeconds + 1, exact: format && { format, file } };
  const log = await orRefuse('UNDECODABLE', encode(tools, original, target, run));
  const quiet = { signal: run.signal, timeoutMs: run.timeoutMs };
  const packed = await packRenditions(tools, { hls, exact: format && file, gapless }, quiet);
  await writeLadder(hls);
  return { ...readLoudness(log), ...packed };
}

/** Reports a stretch of the job by how much of the source is done. */
function watched({ signal, report }: JobContext, { seconds }: Source, from: number, to: number): Run {
  return {
    signal,
    timeoutMs: 60_000 + Math.ceil(seconds) * 2_000,
    onSeconds: (done) => report('TRANSCODING', from + (to - from) * Math.min(1, done / seconds)),
  };
}

/** What the tag reader makes of the file; what it cannot read, ffprobe may still know. */
async function readTags({ tags }: Deps, file: string, source: Source): Promise<Result['tags']> {
  try {
    return { ...source.tags, ...(await tags.read(file)) };
  } catch (err) {
    if (!(err instanceof UnreadableTagsError)) throw err;
    logger.info({ err }, 'tags left to ffprobe');
    return source.tags;
  }
}
