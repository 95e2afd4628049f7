import { stat } from 'node:fs/promises';

import { JobError } from '@volna/platform/job-progress';
import { z } from 'zod';

import { isCutShort } from './cut-short.ts';
import { countSeconds, probeJson, type Tools } from './ffmpeg.ts';
import { ToolFailedError } from './run-tool.ts';
import { readTags } from './tags.ts';

/** An upload that is sound enough to be decoded. */
export interface Source {
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Of a sample; 0 where the codec has none. */
  readonly bits: number;
  /** Summed up from the packets: what a header declares is not believed. */
  readonly seconds: number;
  readonly tags: ReturnType<typeof readTags>;
  /** The embedded cover, by its declared size. */
  readonly picture: { readonly width: number; readonly height: number } | null;
}

const Tags = z.record(z.string(), z.string()).default({});
const Stream = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  sample_rate: z.coerce.number().default(0),
  channels: z.number().default(0),
  bits_per_sample: z.number().default(0),
  bits_per_raw_sample: z.coerce.number().default(0),
  width: z.number().default(0),
  height: z.number().default(0),
  disposition: z.object({ attached_pic: z.number() }).partial().default({}),
  tags: Tags,
});
const Probe = z.object({
  streams: z.array(Stream).default([]),
  format: z.object({
    format_name: z.string(),
    duration: z.coerce.number().optional(),
    probe_score: z.number(),
    tags: Tags,
  }),
});

const MAX_CHANNELS = 8;
const MAX_SAMPLE_RATE = 384_000;
/** Below it ffmpeg has found no more than the file's name or a chance sequence of bytes. */
const MIN_PROBE_SCORE = 25;
/** These state their length; of MP3 and ADTS ffmpeg only guesses it. */
const EXACT_FORMATS = /^(flac|wav|w64|aiff|mov)/;
const REFUSALS = {
  NOT_AUDIO: 'the file is no audio file that is taken here',
  UNDECODABLE: 'the audio cannot be decoded',
};
const TOOL_TIMEOUT_MS = 60_000;

/** Looks at a file without decoding it; throws a `JobError` that says what is wrong with it. */
export async function inspect(
  tools: Tools,
  file: string,
  maxSeconds: number,
  signal: AbortSignal,
): Promise<Source> {
  if ((await stat(file)).size === 0) throw new JobError('EMPTY_FILE', 'the file is empty');
  const run = { signal, timeoutMs: TOOL_TIMEOUT_MS };
  const { json } = await orRefuse('NOT_AUDIO', probeJson(tools, file, run));
  const { streams, format } = Probe.parse(JSON.parse(json));
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  if (!audio || format.probe_score < MIN_PROBE_SCORE)
    throw new JobError('NOT_AUDIO', 'the file holds no audio');
  checkAudio(audio);

  const seconds = await orRefuse('UNDECODABLE', countSeconds(tools, file, maxSeconds + 2, run));
  if (seconds > maxSeconds) throw new JobError('TOO_LONG', `the audio is longer than ${maxSeconds} s`);
  if (seconds === 0) throw new JobError('UNDECODABLE', 'the audio holds no sound');
  const declared = EXACT_FORMATS.test(format.format_name) ? (format.duration ?? 0) : 0;
  if (declared - seconds > Math.max(1, declared * 0.05)) {
    const lengths = `${seconds.toFixed(1)} of ${declared.toFixed(1)} s`;
    throw new JobError('TRUNCATED', `the file is cut short: it holds ${lengths}`);
  }
  if (await isCutShort(file, format.format_name))
    throw new JobError('TRUNCATED', 'the file is cut short: its container announces more than there is');

  const picture = streams.find((stream) => stream.disposition.attached_pic === 1);
  return {
    codec: audio.codec_name ?? 'unknown',
    sampleRate: audio.sample_rate,
    channels: audio.channels,
    bits: audio.bits_per_raw_sample || audio.bits_per_sample,
    seconds,
    tags: readTags({ ...audio.tags, ...format.tags }),
    picture: picture ? { width: picture.width, height: picture.height } : null,
  };
}

function checkAudio({ channels, sample_rate: rate }: z.infer<typeof Stream>): void {
  if (channels > MAX_CHANNELS)
    throw new JobError('TOO_MANY_CHANNELS', `${channels} channels, ${MAX_CHANNELS} at most`);
  if (channels < 1 || rate < 1 || rate > MAX_SAMPLE_RATE) {
    throw new JobError('UNDECODABLE', `the audio states ${channels} channels at ${rate} Hz`);
  }
}

/** A tool that refuses a file speaks of the file; any other failure is our own. */
export async function orRefuse<T>(code: keyof typeof REFUSALS, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (err) {
    if (!(err instanceof ToolFailedError)) throw err;
    const codec = /Codec \((\w+)\) not on whitelist/.exec(err.stderr)?.[1];
    if (codec) throw new JobError('UNSUPPORTED_CODEC', `the file holds ${codec}`, false, { cause: err });
    throw new JobError(code, REFUSALS[code], false, { cause: err });
  }
}
