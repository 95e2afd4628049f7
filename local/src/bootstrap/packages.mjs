import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Written by npm when it has come to a good end. */
const INSTALLED = join('node_modules', '.package-lock.json');

/** Whether npm has installed what the lock file names, and all of it is there. */
export function isWhole() {
  if (!existsSync(INSTALLED)) return false;
  const installed = read(INSTALLED);
  return wanted().every(
    ([path, { version, integrity }]) =>
      installed[path]?.version === version &&
      installed[path].integrity === integrity &&
      existsSync(join(path, 'package.json')),
  );
}

/** Tells how many of the packages that the lock file names for this machine are there already. */
export function watchPackages() {
  const files = wanted().map(([path]) => join(path, 'package.json'));
  const count = () => files.filter((file) => existsSync(file)).length;
  let last = count();
  // npm takes away all that is there before it begins
  let clears = last > 0;
  return () => {
    const there = count();
    clears &&= there > 0 && there <= last;
    last = there;
    if (clears) return { detail: 'taking away what was there', change: 'clears' };
    if (there === files.length)
      return { detail: `${there} packages, now their install scripts`, change: 'scripts' };
    return {
      detail: `${there} of ${files.length} packages`,
      change: Math.floor((10 * there) / files.length),
    };
  };
}

function wanted() {
  return Object.entries(read('package-lock.json')).filter(
    ([path, entry]) => path.includes('node_modules/') && !entry.link && isForThisMachine(entry),
  );
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

function isForThisMachine({ os, cpu, libc, optional }) {
  // optional for any machine: what only packages of other machines want
  if (optional && !os && !cpu) return false;
  return (
    (!os || os.includes(process.platform)) &&
    (!cpu || cpu.includes(process.arch)) &&
    (!libc || libc.includes(LIBC))
  );
}

const LIBC = existsSync('/etc/alpine-release') ? 'musl' : 'glibc';
