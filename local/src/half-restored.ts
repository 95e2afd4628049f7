import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Lies in a data folder from the moment that a restore takes away what was there until all of it is back. */
export const RESTORING = 'restoring';

/** Nothing may be started on half of what there was. */
export function refuseHalfRestored(directory: string): void {
  if (existsSync(join(directory, RESTORING)))
    throw new Error(`a restore into ${directory} has not come to its end: npm run restore -- FILE --replace`);
}
