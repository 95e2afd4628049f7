import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

import { newId } from '@volna/events';
import { openTagReader } from '@volna/platform/audio-tags/tag-reader';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { transcode } from '@volna/transcode/transcode';

import { MUSIC } from './library.ts';
import { FFMPEG, filesOf } from './pieces.ts';

const run = promisify(execFile);

/** Of each package. */
const SONGS = 3;
const TOOLS = { ffmpeg: { path: FFMPEG, env: {} }, ffprobe: { path: 'ffprobe', env: {} } };

/** Integrated loudness as the transcode worker measures it, against loudgain (libebur128), song by song. */
export async function evaluateLoudness(
  print: (line: string) => void,
  tell: (what: string) => void,
): Promise<void> {
  const packages = await Promise.all(MUSIC.map((name) => filesOf(name, '.ogg')));
  const differences: number[] = [];
  for (const file of packages.flatMap((files) => files.slice(0, SONGS))) {
    tell(`loudness of ${file}`);
    const theirs = await loudgainOf(file);
    if (theirs === null) continue;
    const ours = await loudnessOf(file);
    if (ours === null || Math.abs(ours - theirs) > 0.1) print(`  ${basename(file)}: ${ours}, not ${theirs}`);
    differences.push(Math.abs((ours ?? Infinity) - theirs));
  }
  if (differences.length === 0)
    return print('no loudness: install loudgain and one of ' + MUSIC.join(' ') + ' (Debian)');
  const near = differences.filter((difference) => difference <= 0.1).length;
  const most = Math.max(...differences).toFixed(2);
  print(
    `loudness within 0.1 LU of loudgain: ${near} of ${differences.length} songs, at most ${most} LU away`,
  );
}

/** Null for a file that it cannot read, and where it is not installed. */
async function loudgainOf(file: string): Promise<number | null> {
  const { stdout } = await run('loudgain', ['-q', '-O', file]).catch(() => ({ stdout: '' }));
  const lufs = /\t(-?[\d.]+) LUFS\t/.exec(stdout)?.[1];
  return lufs === undefined ? null : Number(lufs);
}

/** Through the worker's own work, which writes all renditions as well. */
async function loudnessOf(file: string): Promise<number | null> {
  await using scratch = await openScratch();
  await using tags = openTagReader();
  const objects = await DirectoryObjects.open({
    directory: scratch.path('objects'),
    signingKey: 'a key of a benchmark',
  });
  await objects.putFile('original', file);
  const job = { jobId: newId('Job'), attempt: 1, trackId: newId('Track') };
  const order = { ...job, originalKey: 'original', outputPrefix: 'track', maxSeconds: 14_400 };
  const context = { signal: new AbortController().signal, report: () => {} };
  return (await transcode({ objects, tags, tellFirst: async () => {}, ...TOOLS }, order, context))
    .loudnessLufs;
}
