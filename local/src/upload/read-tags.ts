import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type Binary, findBinary } from '@volna/platform/binaries';
import { z } from 'zod';

const run = promisify(execFile);
const TIMEOUT_MS = 15_000;

/** What a file says of itself that decides where it goes. */
export interface FileTags {
  readonly artist?: string | undefined;
  readonly album?: string | undefined;
  readonly year?: string | undefined;
}

export type ReadTags = (file: string) => Promise<FileTags>;

const Tagged = z.object({ tags: z.record(z.string(), z.string()).optional() });
const Probe = z.object({ streams: z.array(Tagged).default([]), format: Tagged.default({}) });

/** Reads tags with ffprobe; null where this machine has none. A file that cannot be read has no tags. */
export async function openTagReader(): Promise<ReadTags | null> {
  const cacheDirectory = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'volna');
  const ffprobe = await findBinary('ffprobe', { cacheDirectory, fetch: false }).catch(() => null);
  return ffprobe && ((file) => readTags(ffprobe, file).catch(() => ({})));
}

async function readTags({ path, env }: Binary, file: string): Promise<FileTags> {
  const args = ['-v', 'error', '-show_entries', 'format_tags:stream_tags', '-of', 'json', `file:${file}`];
  const { stdout } = await run(path, args, { env: { ...process.env, ...env }, timeout: TIMEOUT_MS });
  const { streams, format } = Probe.parse(JSON.parse(stdout));
  // Ogg keeps its tags with the stream
  const all = [...streams, format].flatMap(({ tags }) => Object.entries(tags ?? {}));
  const byName = new Map(all.map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const written = byName.get('date') || byName.get('year') || '';
  return {
    artist: byName.get('artist') || undefined,
    album: byName.get('album') || undefined,
    year: /\b[12]\d{3}\b/.exec(written)?.[0],
  };
}
