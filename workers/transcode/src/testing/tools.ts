import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { binaryForTests } from '@volna/platform/testing/servers';

import type { Tools } from '../ffmpeg.ts';

const [ffmpeg, ffprobe] = await Promise.all([binaryForTests('ffmpeg'), binaryForTests('ffprobe')]);
const run = promisify(execFile);

/** Why ffmpeg cannot be had here, or null. */
export const missing = [ffmpeg, ffprobe].find((found) => typeof found === 'string') ?? null;

/** Only to be asked for where nothing is missing. */
export function findTools(): Tools {
  if (typeof ffmpeg === 'string' || typeof ffprobe === 'string') throw new Error(String(missing));
  return { ffmpeg, ffprobe };
}

/** Runs ffmpeg without our guards, to make what the tests feed to them. */
export async function makeAudio(file: string, ...args: readonly string[]): Promise<string> {
  const { path, env } = findTools().ffmpeg;
  await run(path, ['-v', 'error', '-y', ...args, file], { env: { ...env } });
  return file;
}

/** One value that ffprobe finds in a file or a playlist, as text. */
export async function probeValues(file: string, entries: string): Promise<string> {
  const { path, env } = findTools().ffprobe;
  const args = ['-v', 'error', '-show_entries', entries, '-of', 'csv=p=0', file];
  const { stdout } = await run(path, args, { env: { ...env } });
  return stdout.trim();
}
