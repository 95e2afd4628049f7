import { setTimeout as pause } from 'node:timers/promises';

import { complete, declare, put } from '../testing/uploads.ts';
import type { Site } from './site.ts';

const PAUSE_MS = 200;

/** What an upload has met on its way. */
export interface Hindrances {
  /** Requests that were answered by an error, or not at all. */
  count: number;
}

/** Sends a file as a client does that does not give up: what fails is asked again. Gives the track. */
export async function sendInsistently(
  { owner: { api }, artistId }: Site,
  filename: string,
  bytes: Uint8Array,
  hindrances: Hindrances,
): Promise<string> {
  const insist = <Answer>(ask: () => Promise<Answer>) => insistOn(ask, hindrances);
  const as = { filename, contentType: 'audio/flac', sizeBytes: bytes.length };
  const upload = await insist(async () => orThrow((await declare(api, as)).upload));
  const [part] = upload.parts;
  const { etag } = await insist(() => put(part?.url ?? '', bytes));
  const parts = [{ partNumber: 1, etag }];
  return insist(async () => orThrow((await complete(api, { uploadId: upload.id, artistId, parts })).trackId));
}

async function insistOn<Answer>(ask: () => Promise<Answer>, hindrances: Hindrances): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch {
      hindrances.count++;
      await pause(PAUSE_MS);
    }
  }
}

function orThrow<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('refused');
  return value;
}
