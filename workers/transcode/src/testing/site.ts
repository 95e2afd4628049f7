import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { newId } from '@volna/events';
import { openTagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Objects } from '@volna/platform/objects';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';

import { type Deps, transcode } from '../transcode.ts';
import { findTools } from './tools.ts';

export type TranscodeSite = Awaited<ReturnType<typeof openTranscodeSite>>;

/** Where everything that a test transcodes ends. */
export const PREFIX = 'tracks/one/1';

/** A store and one order after the other, each over what the one before has left. */
export async function openTranscodeSite() {
  const scratch = await openScratch();
  const tags = openTagReader();
  const directory = scratch.path('store');
  const objects = await DirectoryObjects.open({ directory, signingKey: 'a key of the tests' });
  return {
    scratch,
    objects,
    tags,

    /** The result, and each share of progress that was reported. */
    async transcode(
      file: string,
      options: Partial<Pick<Deps, 'tellFirst'>> & { maxSeconds?: number; into?: Objects } = {},
    ) {
      const { maxSeconds = 3_600, into = objects, ...telling } = options;
      await objects.delete(await objects.list(PREFIX));
      await objects.putFile('originals/one', file);
      const shares: number[] = [];
      const order = {
        jobId: newId('Job'),
        attempt: 1,
        trackId: newId('Track'),
        originalKey: 'originals/one',
        outputPrefix: PREFIX,
        maxSeconds,
      };
      const signal = new AbortController().signal;
      const report = (_stage: string, share: number) => void shares.push(share);
      return {
        ...(await transcode({ objects: into, tags, ...telling, ...findTools() }, order, { signal, report })),
        shares,
      };
    },

    /** A copy of what has been stored, laid out as a client sees it. */
    async download(): Promise<string> {
      const folder = scratch.path(randomUUID());
      for (const key of await objects.list(PREFIX)) {
        const file = join(folder, key.slice(PREFIX.length));
        // oxlint-disable no-await-in-loop -- a few small files
        await mkdir(dirname(file), { recursive: true });
        await objects.getFile(key, file);
        // oxlint-enable no-await-in-loop
      }
      return folder;
    },

    async [Symbol.asyncDispose]() {
      await tags[Symbol.asyncDispose]();
      await objects[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}
