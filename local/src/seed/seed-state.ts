import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

const State = z.object({
  /** Ids by name, of what the demo library has made so far. */
  artists: z.record(z.string(), z.string()),
  albums: z.record(z.string(), z.string()),
  tracks: z.record(z.string(), z.string()),
  liked: z.array(z.string()),
  complete: z.boolean(),
});

export interface SeedState {
  readonly values: z.infer<typeof State>;
  save(): Promise<void>;
}

/** What an earlier start has made of the demo library, so that this one goes on from there. */
export async function openSeedState(directory: string): Promise<SeedState> {
  const file = join(directory, 'demo.json');
  const values = await read(file);
  return {
    values,
    async save() {
      await writeFile(`${file}.new`, JSON.stringify(values, null, 2), { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
  };
}

async function read(file: string): Promise<z.infer<typeof State>> {
  try {
    return State.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
    return { artists: {}, albums: {}, tracks: {}, liked: [], complete: false };
  }
}
