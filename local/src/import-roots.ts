import { homedir } from 'node:os';

import { readRoots } from '@volna/platform/roots';

/** Where people keep music of their own: at home, and on what they plug in. */
const OWN = [homedir(), '/media', '/mnt', '/run/media', '/Volumes'];

/** Folders that an administrator may import: those of IMPORT_ROOTS, or one's own. */
export function importRootsOf({ IMPORT_ROOTS }: NodeJS.ProcessEnv): string[] {
  return IMPORT_ROOTS === undefined ? OWN : readRoots(IMPORT_ROOTS);
}
