import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Recording } from './library.ts';

const HELD_OUT = new URL('../../../models/training/held_out.json', import.meta.url);

interface Track {
  readonly id: string;
  readonly pkg: string;
  readonly album: string;
  readonly artist: string | null;
  /** Seconds of it that are decoded. */
  readonly dur: number;
}

export interface Voice {
  /** `real_<speakers>` or `fake_<family of engines>_<voice>`. */
  readonly name: string;
  readonly trained: boolean;
  read(): Promise<Float32Array>;
}

/** The music of a folder that models/training/prepare_corpus.py has made. */
export async function readCorpus(folder: string): Promise<Recording[]> {
  const tracks = JSON.parse(await readFile(join(folder, 'tracks.json'), 'utf8')) as Track[];
  const { packages } = await readHeldOut();
  return tracks.map(({ id, pkg, album, artist, dur }) => ({
    // what is remembered of a minute of it is not remembered of all of it
    name: `${id}-${Math.round(dur)}`,
    package: pkg,
    album,
    artist: artist ?? '',
    trained: !packages.has(pkg),
    read: () => readSamples(join(folder, 'pcm', `${id}.s16`)),
  }));
}

/** The voices of a folder that models/training/make_voices.py has made. */
export async function readVoices(folder: string): Promise<Voice[]> {
  const files = await readdir(join(folder, 'voices'));
  const { voices } = await readHeldOut();
  return files.toSorted().map((file) => {
    const name = basename(file, '.s16');
    return { name, trained: !voices.has(name), read: () => readSamples(join(folder, 'voices', file)) };
  });
}

/** What no model of ours has heard in training. */
async function readHeldOut(): Promise<Record<'packages' | 'voices', Set<string>>> {
  const { packages, voices } = JSON.parse(await readFile(HELD_OUT, 'utf8')) as Record<string, string[]>;
  return { packages: new Set(packages), voices: new Set(voices) };
}

/** 16-bit mono. */
async function readSamples(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  return Float32Array.from(new Int16Array(new Uint8Array(bytes).buffer), (value) => value / 32_768);
}
