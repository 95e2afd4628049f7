import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const OURS = /local\/src\/(?:(?:backup|restore)\/)?index\.ts/;

/** Another process works on this data folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

/** Makes this process the only one on a data folder; a lock whose process is gone is taken over. */
export async function lockFolder(directory: string): Promise<AsyncDisposable> {
  const file = join(directory, 'running.pid');
  try {
    await using handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
    const pid = Number(await readFile(file, 'utf8'));
    if (pid !== process.pid && (await isVolna(pid))) {
      throw new FolderInUseError(
        `Volna already runs on ${directory} (pid ${pid}); use --data for another folder`,
      );
    }
    await rm(file, { force: true });
    return lockFolder(directory);
  }
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/** The same, or null where another process works on it. */
export async function lockUnlessRunning(directory: string): Promise<AsyncDisposable | null> {
  try {
    return await lockFolder(directory);
  } catch (err) {
    if (err instanceof FolderInUseError) return null;
    throw err;
  }
}

/** Whether a process is alive and, where the system tells, one of ours: pids are given again after a crash. */
async function isVolna(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    return OURS.test(await readFile(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}
