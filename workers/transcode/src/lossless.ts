/** How ffmpeg calls samples that FLAC keeps whole: of 16 bits, or of 24. */
export type ExactFormat = 's16' | 's32';

interface Samples {
  readonly codec: string;
  readonly bits: number;
  readonly sampleRate: number;
  readonly channels: number;
}

/** Floating-point PCM is not among them: FLAC holds whole numbers. */
const LOSSLESS = /^(flac|alac|pcm_[su]\d+(le|be)?)$/;
/** What players take. */
const MAX_RATE = 192_000;
const MAX_CHANNELS = 2;

/** How samples are kept bit by bit, or null where the original has lost some already or players could not take them. */
export function exactFormatOf({ codec, bits, sampleRate, channels }: Samples): ExactFormat | null {
  if (!LOSSLESS.test(codec) || bits < 1 || bits > 24) return null;
  if (sampleRate > MAX_RATE || channels > MAX_CHANNELS) return null;
  return bits > 16 ? 's32' : 's16';
}
