import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { demoEntries } from '@volna/local/demo/library';
import { renderTrack } from '@volna/local/demo/render-track';
import { SAMPLE_RATE } from '@volna/local/demo/synth/signal';
import { encodeWav } from '@volna/local/demo/wav';
import type { Binary } from '@volna/platform/binaries';

/** FLAC files of these lengths in seconds: a track of the demo library, over and over. */
export async function makeMusic(
  { path, env }: Binary,
  directory: string,
  lengths: readonly number[],
): Promise<string[]> {
  const [entry] = demoEntries();
  const wav = join(directory, 'music.wav');
  await writeFile(wav, encodeWav(renderTrack(entry?.track.slug ?? '').pcm, SAMPLE_RATE));
  const files: string[] = [];
  for (const seconds of lengths) {
    const file = join(directory, `music-${seconds}.flac`);
    const input = ['-v', 'error', '-stream_loop', '-1', '-i', wav];
    await promisify(execFile)(path, [...input, '-t', String(seconds), '-c:a', 'flac', file], {
      env: { ...process.env, ...env },
    });
    files.push(file);
  }
  return files;
}
