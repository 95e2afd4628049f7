import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isAudioFile } from '../client/send-file.ts';

/** The audio files that these paths name; folders with all that is under them, in the order of their names. */
export async function findAudio(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) found.push(...(await findUnder(path)));
    else found.push(path);
  }
  return [...new Set(found)];
}

async function findUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter(isAudioFile).toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}
