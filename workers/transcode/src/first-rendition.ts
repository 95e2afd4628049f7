import { JobError } from '@volna/platform/job-progress';

import { encodeFirst } from './encode.ts';
import type { Run, Tools } from './ffmpeg.ts';
import { ENCODER_DELAY, type Gapless, readSampleCount } from './gapless.ts';
import { orRefuse, type Source } from './inspect.ts';

export interface Work {
  readonly original: string;
  readonly source: Source;
  /** An existing folder, for renditions. */
  readonly hls: string;
  readonly sampleRate: number;
  readonly maxSeconds: number;
}

export interface First {
  readonly seconds: number;
  readonly gapless: Gapless | null;
}

/** Makes the rendition that can be played first. What is heard is the measure of length, whatever the packets say. */
export async function makeFirst(
  tools: Tools,
  { original, source, hls, sampleRate, maxSeconds }: Work,
  run: Run,
): Promise<First> {
  const target = { hls, sampleRate, maxSeconds: maxSeconds + 1 };
  const log = await orRefuse('UNDECODABLE', encodeFirst(tools, original, target, run));
  const samples = readSampleCount(log);
  const seconds = samples === null ? source.seconds : samples / sampleRate;
  if (seconds > maxSeconds) throw new JobError('TOO_LONG', `the audio is longer than ${maxSeconds} s`);
  if (seconds < source.seconds / 2) throw new JobError('UNDECODABLE', 'most of the audio cannot be decoded');
  const gapless = samples === null ? null : { sampleRate, delaySamples: ENCODER_DELAY, samples };
  return { seconds, gapless };
}
