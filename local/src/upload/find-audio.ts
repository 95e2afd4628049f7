import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isAudioFile } from '../client/send-file.ts';

export interface FoundFiles {
  readonly audio: readonly string[];
  /** Files that are no audio by their name. */
  readonly skipped: readonly string[];
  /** Paths at which there is nothing to read. */
  readonly missing: readonly string[];
}

/** The audio files that these paths name; folders with all that is under them, in the order of their names. */
export async function findAudio(paths: readonly string[]): Promise<FoundFiles> {
  const found = new Set<string>();
  const missing: string[] = [];
  for (const path of paths) {
    try {
      const files = (await stat(path)).isDirectory() ? await listUnder(path) : [path];
      for (const file of files) found.add(file);
    } catch {
      missing.push(path);
    }
  }
  const files = [...found];
  return { audio: files.filter(isAudioFile), skipped: files.filter((file) => !isAudioFile(file)), missing };
}

async function listUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}
