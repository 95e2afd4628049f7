/** Samples that ffmpeg's AAC coder puts before the first one of its input. */
export const ENCODER_DELAY = 1024;

/** How many samples were encoded, as astats has counted them (RFC 8216 playlists tell lengths in rounded seconds). */
export function readSampleCount(log: string): number | null {
  const count = [...log.matchAll(/Number of samples: (\d+)/g)].at(-1)?.[1];
  return count === undefined ? null : Number(count);
}
