import { readFileSync } from 'node:fs';

/**
 * What a command says of itself: `x.usage.txt` beside its entry file `x.ts`, a text of its own so that
 * local/bootstrap.mjs can print it before anything is installed.
 */
export function readUsage(entryUrl: string): string {
  return readFileSync(new URL(entryUrl.replace(/\.ts$/, '.usage.txt')), 'utf8');
}
