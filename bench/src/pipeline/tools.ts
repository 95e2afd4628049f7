import { homedir } from 'node:os';
import { join } from 'node:path';

import { findBinary } from '@volna/platform/binaries';

/** The same programs that `npm start` takes. */
export async function findTools(tell: (what: string) => void) {
  const cacheDirectory = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'volna');
  const options = { cacheDirectory, onProgress: tell };
  return { ffmpeg: await findBinary('ffmpeg', options), ffprobe: await findBinary('ffprobe', options) };
}
