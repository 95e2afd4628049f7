import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import type { Binary } from '@volna/platform/binaries';

const run = promisify(execFile);

/** File ending and ffmpeg's encoder of each format that Volna promises to take. */
export const FORMATS = {
  mp3: ['libmp3lame'],
  flac: ['flac'],
  wav: ['pcm_s16le'],
  ogg: ['libvorbis'],
  opus: ['libopus'],
  m4a: ['aac'],
  aiff: ['pcm_s16be'],
} as const;
export type Format = keyof typeof FORMATS;

export interface Tune {
  readonly name: string;
  readonly format: Format;
  /** Four unless told: each costs its encoder and its listener. */
  readonly seconds?: number;
  /** Hertz of the root; tunes of other roots and tempos sound different. */
  readonly root?: number;
  readonly bpm?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A small piece of music in a file: a pulsing minor chord over a bass, with tags. */
export async function makeTune({ path, env }: Binary, directory: string, tune: Tune): Promise<string> {
  const { name, format, seconds = 4, root = 220, bpm = 120, tags = {} } = tune;
  const file = join(directory, `${name}.${format}`);
  const beat = `exp(-6*mod(t*${bpm / 60},1))`;
  const tone = (ratio: number, gain: number) => `${gain}*sin(2*PI*${root * ratio}*t)`;
  const chord = [tone(1, 0.15), tone(6 / 5, 0.12), tone(3 / 2, 0.12), tone(2, 0.05)].join('+');
  const sound = `aevalsrc='(${chord})*(0.3+0.7*${beat})+${tone(0.25, 0.2)}*${beat}':d=${seconds}:s=44100`;
  const metadata = Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]);
  const args = [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    sound,
    '-ac',
    '2',
    ...metadata,
    '-c:a',
    ...FORMATS[format],
  ];
  await run(path, [...args, ...(format === 'aiff' ? ['-write_id3v2', '1'] : []), file], {
    env: { ...process.env, ...env },
  });
  return file;
}

/** Puts a picture of one colour into a file of sound; gives the file that has both. */
export async function coverTune({ path, env }: Binary, file: string, color: string): Promise<string> {
  const covered = join(dirname(file), `covered ${basename(file)}`);
  const picture = ['-f', 'lavfi', '-i', `color=c=${color}:s=700x500:d=1`];
  const both = ['-map', '0:a', '-map', '1:v', '-frames:v', '1', '-disposition:v', 'attached_pic'];
  const args = ['-v', 'error', '-y', '-i', file, ...picture, ...both, '-c:a', 'copy', '-c:v', 'png', covered];
  await run(path, args, { env: { ...process.env, ...env } });
  return covered;
}
