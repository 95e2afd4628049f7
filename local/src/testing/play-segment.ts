import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { StreamDocument } from '@volna/gateway/client';
import type { Binary } from '@volna/platform/binaries';

import type { Api } from '../client/api.ts';

/** How many seconds of sound a player gets of a track, by the address that it is given. */
export async function playSeconds({ path, env }: Binary, api: Api, trackId: string): Promise<number> {
  const { track } = await api.ask(StreamDocument, { id: trackId });
  const url = track?.stream?.hlsUrl;
  if (!url) throw new Error(`nothing to play of ${trackId}`);
  const args = [
    '-v',
    'error',
    '-xerror',
    '-i',
    url,
    '-map',
    '0:a:0',
    '-f',
    's16le',
    '-ac',
    '1',
    '-ar',
    '8000',
    '-',
  ];
  const { stdout } = await promisify(execFile)(path, args, {
    env: { ...process.env, ...env },
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.length / 2 / 8000;
}
