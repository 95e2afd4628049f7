import { existsSync } from 'node:fs';

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib',
  '/usr/local/lib',
].map((folder) => `${folder}/faketime/libfaketime.so.1`);

/** The variables under which a process believes the clock that `FAKETIME` tells; else why that cannot be had. */
export function findFaketime(): Readonly<Record<string, string>> | string {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (library === undefined) return 'libfaketime is not installed';
  return { LD_PRELOAD: library, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}
