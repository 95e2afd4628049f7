import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why no small file system of a test's own can be mounted here; null where it can. */
export async function mayMount(): Promise<string | null> {
  const place = await mkdtemp(join(tmpdir(), 'volna-mount-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
    await run('umount', [place]);
    return null;
  } catch {
    return 'no tmpfs can be mounted here';
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
