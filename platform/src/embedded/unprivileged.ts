import { mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** `nobody` on every Linux: servers that refuse root run as it. */
const NOBODY = 65_534;
const OTHERS_MAY_ENTER = 0o001;
const OTHERS_MAY_WRITE = 0o022;

export const isRoot = process.getuid?.() === 0;

/** Spawn options that drop root; none for an ordinary user. */
export const unprivileged = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Whether a process that we spawn with these options can get at a path. */
export async function isReachable(path: string): Promise<boolean> {
  if (!isRoot) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    // oxlint-disable-next-line no-await-in-loop -- a handful of ancestors
    const mode = await stat(folder).then(
      ({ mode: bits }) => bits,
      () => OTHERS_MAY_ENTER,
    );
    if (!(mode & OTHERS_MAY_ENTER)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A folder that everybody can enter, that only this user can write, and that outlives a restart where possible. */
export async function openSharedFolder(): Promise<string> {
  for (const folder of ['/var/lib/volna', join(tmpdir(), `volna-${process.getuid?.() ?? 0}`)]) {
    // oxlint-disable-next-line no-await-in-loop -- the second only where the first cannot be had
    if (await isOurs(folder)) return folder;
  }
  throw new Error('no folder for the database server: neither under /var/lib nor under the temporary folder');
}

async function isOurs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const { uid, mode } = await stat(folder);
    return uid === process.getuid?.() && !(mode & OTHERS_MAY_WRITE) && (await isReachable(folder));
  } catch {
    return false;
  }
}
