import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type HearingThreads, openHearingThreads } from '@volna/analyze/hearing-threads';
import { CLIP_PEAKS, TRACK_PEAKS } from '@volna/analyze/landmarks';
import { decodeLandmarks, type Landmarks } from '@volna/events';

import { cacheFolder, decode, filesOf } from './pieces.ts';

/** Packages of Debian with free music; more of them make it harder. */
export const MUSIC = [
  'wesnoth-1.16-music',
  'singularity-music',
  'hyperrogue-music',
  'fretsonfire-songs-sectoid',
  'fretsonfire-songs-muldjord',
];
/** Speech, for babble. */
export const SPEECH = ['asterisk-core-sounds-en-g722', 'asterisk-core-sounds-ru-g722'];

const RATE = 16_000;
const DIMENSION = 128;
const LEAST_SECONDS = 60;

/** A sound as the analysis hears it. */
export interface Heard {
  readonly landmarks: Landmarks;
  /** Unit vectors one second apart; zeros where there is silence. */
  readonly segments: readonly Float32Array[];
}

export interface Song extends Heard {
  readonly file: string;
  readonly seconds: number;
}

/** The threads of the worker, with the project's own models. */
export function openEars(): HearingThreads {
  const models = fileURLToPath(new URL('../../../models/', import.meta.url));
  const folders = { embedding: `${models}music-embedding`, authenticity: `${models}authenticity` };
  return openHearingThreads({ models: folders, threads: 1 });
}

/** Installed songs of at least a minute; what is heard is kept for the next run. */
export async function hearLibrary(
  ears: HearingThreads,
  most: number,
  tell: (what: string) => void,
): Promise<Song[]> {
  const packages = await Promise.all(MUSIC.map((name) => filesOf(name, '.ogg')));
  const files = packages.flat().filter((file) => !file.endsWith('guitar.ogg'));
  const songs: Song[] = [];
  for (const file of files) {
    if (songs.length === most) break;
    const samples = await decode(file);
    const seconds = samples.length / RATE;
    if (seconds < LEAST_SECONDS) continue;
    tell(`hears ${file}`);
    songs.push({ file, seconds, ...(await hearOnce(ears, file, samples)) });
  }
  return songs;
}

async function hearOnce(ears: HearingThreads, file: string, samples: Float32Array): Promise<Heard> {
  const folder = join(cacheFolder(), 'heard');
  await mkdir(folder, { recursive: true });
  const base = join(folder, createHash('sha256').update(file).digest('hex').slice(0, 16));
  if (!(await stat(`${base}.segments`).catch(() => null))) {
    await hearInto(ears, samples, `${base}.part`, TRACK_PEAKS);
    await rename(`${base}.part.landmarks`, `${base}.landmarks`);
    await rename(`${base}.part.segments`, `${base}.segments`);
  }
  return readHeard(base);
}

export async function hearClip(ears: HearingThreads, samples: Float32Array): Promise<Heard> {
  const base = join(cacheFolder(), `clip-${process.pid}`);
  await hearInto(ears, samples, base, CLIP_PEAKS);
  return readHeard(base);
}

async function hearInto(
  ears: HearingThreads,
  samples: Float32Array,
  base: string,
  peaksPerSecond: number,
): Promise<void> {
  await writeFile(`${base}.pcm`, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  const files = {
    pcmFile: `${base}.pcm`,
    segmentsFile: `${base}.segments`,
    landmarksFile: `${base}.landmarks`,
  };
  await ears.hear({ ...files, peaksPerSecond }, new AbortController().signal, () => {});
  await writeFile(`${base}.pcm`, '');
}

async function readHeard(base: string): Promise<Heard> {
  const values = new Float32Array(new Uint8Array(await readFile(`${base}.segments`)).buffer);
  const segments = Array.from({ length: Math.floor(values.length / DIMENSION) }, (_, row) =>
    values.subarray(row * DIMENSION, (row + 1) * DIMENSION),
  );
  return { landmarks: decodeLandmarks(await readFile(`${base}.landmarks`)), segments };
}

/** Six voices at once, so long; null where no speech is installed. */
export async function makeBabble(seconds: number, chance: () => number): Promise<Float32Array | null> {
  const files = (await Promise.all(SPEECH.map((name) => filesOf(name, '.g722')))).flat();
  if (files.length === 0) return null;
  const babble = new Float32Array(seconds * RATE);
  for (let voice = 0; voice < 6; voice++) {
    for (let at = 0; at < babble.length;) {
      const spoken = await decode(files[Math.floor(chance() * files.length)]!);
      const level = Math.sqrt(spoken.reduce((sum, value) => sum + value * value, 0) / spoken.length) + 1e-6;
      for (let i = 0; i < spoken.length && at < babble.length; i++) babble[at++]! += spoken[i]! / level;
    }
  }
  return babble;
}
