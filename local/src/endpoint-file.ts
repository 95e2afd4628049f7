import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Notes where this data folder is served, for the commands that are run beside it. */
export async function noteEndpoint(directory: string, url: string): Promise<AsyncDisposable> {
  const file = join(directory, 'endpoint');
  await writeFile(file, url);
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/** Where the data folder is served; null where it is not. */
export async function readEndpoint(directory: string): Promise<string | null> {
  try {
    return await readFile(join(directory, 'endpoint'), 'utf8');
  } catch {
    return null;
  }
}
