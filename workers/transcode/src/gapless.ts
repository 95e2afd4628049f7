/** Samples that ffmpeg's AAC coder puts before the first one of its input. */
export const ENCODER_DELAY = 1024;

/** Where the music is in a rendition, in samples at its rate. */
export interface Gapless {
  readonly sampleRate: number;
  readonly delaySamples: number;
  readonly samples: number;
}

/** Of what is encoded. */
const CHANNELS = 2;

/**
 * How many samples a channel were encoded, as volumedetect has counted them (RFC 8216 playlists tell lengths in rounded
 * seconds). It counts anew whenever the sound changes its shape in the middle of a file.
 */
export function readSampleCount(log: string): number | null {
  const counts = [...log.matchAll(/n_samples: (\d+)/g)].map((match) => Number(match[1]));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) / CHANNELS;
}
