import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone when its scope ends. */
export async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), 'volna-bench-'));
  // a database server under another user gets in, so that its cluster goes with the folder
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
