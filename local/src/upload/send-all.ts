import { basename } from 'node:path';

import { type Api, ApiError } from '../client/api.ts';
import { sendFile } from '../client/send-file.ts';
import type { ProgressBars } from '../progress-bars.ts';
import { openPages, type Pages } from './open-pages.ts';
import { openTagReader, type ReadTags } from './read-tags.ts';

const AT_A_TIME = 3;
const NO_ARTIST = 'Uploads';

export interface Sent {
  readonly artist: string;
  readonly album: string | null;
}

export interface Failure {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

export interface Outcome {
  readonly sent: readonly Sent[];
  readonly failures: readonly Failure[];
}

export interface SendOptions {
  readonly api: Api;
  readonly files: readonly string[];
  /** Where all go; the files' tags decide where it is undefined. */
  readonly artist: string | undefined;
  readonly bars: ProgressBars;
}

/** Sends every file, some at a time, to the artist and the album that its tags name; goes on past failures. */
export async function sendAll({ api, files, artist, bars }: SendOptions): Promise<Outcome> {
  const readTags = await openTagReader();
  const pages = openPages(api);
  const sent: Sent[] = [];
  const failures: Failure[] = [];
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const name = basename(file);
      try {
        const { artistId, albumId, ...place } = await placeOf(pages, readTags, file, artist);
        await sendFile(api, { file, artistId, albumId }, (step) => bars.step(name, step));
        sent.push(place);
      } catch (err) {
        failures.push(failureOf(file, err));
        bars.step(name, { stage: 'FAILED', percent: 0, done: true, error: null });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { sent, failures };
}

async function placeOf(pages: Pages, readTags: ReadTags | null, file: string, override: string | undefined) {
  const tags = (await readTags?.(file)) ?? {};
  const artist = override ?? tags.artist ?? NO_ARTIST;
  const artistId = await pages.artist(artist);
  const album = tags.album ?? null;
  const albumId = album && (await pages.album(artistId, album, tags.year));
  return { artist, artistId, album, albumId };
}

function failureOf(file: string, err: unknown): Failure {
  if (err instanceof ApiError) return { file, code: err.code, message: err.message };
  const { code } = err as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { file, code: 'NOT_FOUND', message: 'there is no such file' };
  if (code === 'EACCES') return { file, code: 'UNREADABLE', message: 'it may not be read' };
  return { file, code: 'UNREADABLE', message: err instanceof Error ? err.message : String(err) };
}
