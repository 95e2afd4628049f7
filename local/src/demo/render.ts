import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { drawCover } from './cover.ts';
import { chooseFormat, encodeFile, type Ffmpeg, listEncoders } from './encode.ts';
import { type DemoEntry, demoEntries, type DemoFormat } from './library.ts';
import { createPlayer, type Player } from './player.ts';

export interface DemoFile {
  file: string;
  cover: string;
  artist: string;
  album: string;
  title: string;
  trackNumber: number;
  genre: string;
  year: number;
  format: DemoFormat;
}

export interface DemoProgress {
  done: number;
  total: number;
  /** The one just made or found. */
  file: DemoFile;
}

export interface RenderOptions {
  onProgress?: (progress: DemoProgress) => void;
  ffmpegPath?: string;
  /** Environment for ffmpeg, for one that brings its own libraries. */
  ffmpegEnv?: NodeJS.ProcessEnv;
  /** Threads that play; each waits for its own ffmpeg. */
  threads?: number;
  /** Only these tracks, by slug. */
  only?: readonly string[];
  signal?: AbortSignal;
}

interface Studio {
  folder: string;
  ffmpeg: Ffmpeg;
  encoders: ReadonlySet<string>;
}

/** Makes the demo library under a directory, or finds there what an earlier run has made. */
export async function renderDemoLibrary(directory: string, options: RenderOptions = {}): Promise<DemoFile[]> {
  const { onProgress, threads = 1, only, signal } = options;
  const entries = demoEntries().filter(({ track }) => !only || only.includes(track.slug));
  const studio = await openStudio(directory, options);
  const files = entries.map((entry) => describeFile(studio, entry));
  await drawCovers(entries, files);

  const waiting = entries.keys();
  let done = 0;
  const lanes = Array.from({ length: Math.min(threads, entries.length) }, async () => {
    await using player = createPlayer();
    for (const i of waiting) {
      signal?.throwIfAborted();
      if (!(await exists(files[i]!.file))) await makeFile(studio, entries[i]!, files[i]!, player);
      done += 1;
      onProgress?.({ done, total: entries.length, file: files[i]! });
    }
  });
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return files;
}

/** Opens the folder for this version of the library and removes those of others. */
async function openStudio(directory: string, options: RenderOptions): Promise<Studio> {
  const { ffmpegPath = 'ffmpeg', ffmpegEnv = process.env, signal } = options;
  const ffmpeg = { path: ffmpegPath, env: ffmpegEnv, signal };
  const version = await stampSources();
  const folder = join(directory, version);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(directory)) {
    if (/^v-[0-9a-f]{12}$/.test(name) && name !== version)
      await rm(join(directory, name), { recursive: true });
  }
  return { folder, ffmpeg, encoders: await listEncoders(ffmpeg) };
}

/** The version is a hash of the code that composes, so a changed note makes a new library. */
async function stampSources(): Promise<string> {
  const names = await readdir(import.meta.dirname, { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).toSorted();
  const hash = createHash('sha256');
  for (const name of sources) hash.update(await readFile(join(import.meta.dirname, name)));
  return `v-${hash.digest('hex').slice(0, 12)}`;
}

function describeFile(
  { folder, encoders }: Studio,
  { artist, album, track, trackNumber }: DemoEntry,
): DemoFile {
  const format = chooseFormat(track.format, encoders);
  return {
    file: join(folder, `${track.slug}.${format}`),
    cover: join(folder, `${album.slug}.png`),
    artist: artist.name,
    album: album.title,
    title: track.title,
    trackNumber,
    genre: track.genre,
    year: album.year,
    format,
  };
}

async function drawCovers(entries: readonly DemoEntry[], files: readonly DemoFile[]): Promise<void> {
  for (const [i, { album }] of entries.entries()) {
    const { cover } = files[i]!;
    if (!(await exists(cover)))
      await moveInto(cover, (part) => writeFile(part, drawCover(album.slug, album.cover)));
  }
}

async function makeFile(studio: Studio, { track }: DemoEntry, file: DemoFile, player: Player): Promise<void> {
  const wav = join(studio.folder, `${track.slug}.${process.pid}.pcm`);
  try {
    await player.play({ slug: track.slug, wav });
    await moveInto(file.file, async (part) => {
      if (studio.encoders.size === 0) await copyFile(wav, part);
      else await encode(studio, file, wav, part);
    });
  } finally {
    await rm(wav, { force: true });
  }
}

async function encode({ ffmpeg }: Studio, file: DemoFile, wav: string, target: string): Promise<void> {
  const cover = { file: file.cover, png: await readFile(file.cover) };
  await encodeFile(
    ffmpeg,
    file.format,
    { wav, cover, target },
    {
      title: file.title,
      artist: file.artist,
      album: file.album,
      track: String(file.trackNumber),
      date: String(file.year),
      genre: file.genre,
    },
  );
}

/** Writes beside the target and then renames, so that a file that is there is whole. */
async function moveInto(target: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${target}.${process.pid}.part`;
  try {
    await write(part);
    await rename(part, target);
  } finally {
    await rm(part, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
