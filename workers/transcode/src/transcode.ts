import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import type { DataOf, JobTry, trackTranscoded, transcodeOrdered } from '@volna/events';
import { type TagReader, UnreadableTagsError } from '@volna/platform/audio-tags/tag-reader';
import { JobError } from '@volna/platform/job-progress';
import type { JobContext } from '@volna/platform/job-worker';
import { logger } from '@volna/platform/log';
import type { Objects } from '@volna/platform/objects';
import { openScratch } from '@volna/platform/scratch';

import { storeCover } from './cover.ts';
import { encode, RENDITIONS_KBPS } from './encode.ts';
import { discard, fetchOriginal } from './fetch-original.ts';
import type { Tools } from './ffmpeg.ts';
import { ENCODER_DELAY, readSampleCount } from './gapless.ts';
import { inspect, orRefuse, type Source } from './inspect.ts';
import { type ExactFormat, exactFormatOf } from './lossless.ts';
import { type Loudness, readLoudness } from './loudness.ts';
import { readPeaks } from './peaks.ts';
import { storeFile, storeFolder } from './store-files.ts';
import { readKbps, writeMaster } from './write-master.ts';

export interface Deps extends Tools {
  readonly objects: Objects;
  readonly tags: TagReader;
}

type Order = DataOf<typeof transcodeOrdered>;
type Result = Omit<DataOf<typeof trackTranscoded>, keyof JobTry>;

/** As RFC 6381 writes them: MPEG-4 AAC-LC, and FLAC in MP4. */
const CODEC = 'mp4a.40.2';
const EXACT_CODEC = 'fLaC';
const PEAKS = 2_000;
const PCM_BYTES_PER_SECOND = 16_000 * 4;
/** Shares of the job: looking at the file, decoding it, storing what came out. */
const PROBED = 0.05;
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
  const original = scratch.path('original');
  const hls = scratch.path('hls');
  const pcm = scratch.path('pcm.f32');

  report('PROBING', 0);
  await fetchOriginal(objects, order.originalKey, original);
  const source = await inspect(deps, original, maxSeconds, signal);

  report('TRANSCODING', PROBED);
  await mkdir(`${hls}/flac`, { recursive: true });
  const decoded = await decode(deps, original, { hls, pcm, source, maxSeconds }, context);
  const { seconds, loudness, gapless } = decoded;
  const lossless = await writeMasters(hls, decoded.exact);

  const cover = await storeCover({ ...deps, scratch, original, prefix, signal }, source.picture);
  await storeFile(objects, pcm, `${prefix}/pcm.f32`);
  const onDone = (share: number) => report('TRANSCODING', ENCODED + (1 - ENCODED) * share);
  await storeFolder(objects, hls, `${prefix}/hls`, { signal, onDone });

  return {
    hlsPrefix: `${prefix}/hls`,
    renditions: RENDITIONS_KBPS.map((kbps) => ({ kbps, codec: CODEC })),
    lossless,
    gapless,
    durationMs: Math.round(seconds * 1000),
    codec: source.codec,
    sampleRate: source.sampleRate,
    channels: source.channels,
    ...loudness,
    peaks: await readPeaks(pcm, PEAKS),
    pcmKey: `${prefix}/pcm.f32`,
    cover,
    sha256: await hashOf(original, signal),
    tags: await readTags(deps, original, source),
  };
}

/** `master.m3u8` is for every player; `lossless.m3u8`, where there is such a rendition, for those that can take it. */
async function writeMasters(hls: string, exact: ExactFormat | null): Promise<Result['lossless']> {
  const ladder = RENDITIONS_KBPS.map((kbps) => ({ name: String(kbps), codec: CODEC, kbps }));
  await writeMaster(hls, 'master.m3u8', ladder);
  if (!exact) return null;
  await writeMaster(hls, 'lossless.m3u8', [{ name: 'flac', codec: EXACT_CODEC }]);
  return { codec: EXACT_CODEC, kbps: await readKbps(`${hls}/flac`) };
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

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

interface Decoded {
  readonly seconds: number;
  readonly loudness: Loudness;
  readonly exact: ExactFormat | null;
  readonly gapless: Result['gapless'];
}

interface Decoding {
  readonly hls: string;
  readonly pcm: string;
  readonly source: Source;
  readonly maxSeconds: number;
}

/** The one pass over the samples. What is heard is the measure of length, whatever the packets say. */
async function decode(
  tools: Tools,
  original: string,
  { hls, pcm, source, maxSeconds }: Decoding,
  { signal, report }: JobContext,
): Promise<Decoded> {
  // the rate of the source's own family: 44.1 kHz of CDs, or 48 kHz of everything else
  const sampleRate = source.sampleRate % 11_025 === 0 ? 44_100 : 48_000;
  const exact = exactFormatOf(source);
  const log = await orRefuse(
    'UNDECODABLE',
    encode(
      tools,
      original,
      { hls, pcm, sampleRate, maxSeconds: maxSeconds + 1, exact },
      {
        signal,
        timeoutMs: 60_000 + Math.ceil(source.seconds) * 2_000,
        onSeconds: (done) =>
          report('TRANSCODING', PROBED + (ENCODED - PROBED) * Math.min(1, done / source.seconds)),
      },
    ),
  );
  const seconds = (await stat(pcm)).size / PCM_BYTES_PER_SECOND;
  if (seconds > maxSeconds) throw new JobError('TOO_LONG', `the audio is longer than ${maxSeconds} s`);
  if (seconds < source.seconds / 2) throw new JobError('UNDECODABLE', 'most of the audio cannot be decoded');
  const samples = readSampleCount(log);
  const gapless = samples === null ? null : { sampleRate, delaySamples: ENCODER_DELAY, samples };
  return { seconds, loudness: readLoudness(log), exact, gapless };
}
