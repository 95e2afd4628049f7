import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Counts how many of the packages that the lock file names for this machine are there already. */
export function watchPackages() {
  const { packages = {} } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const files = Object.entries(packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link && isForThisMachine(entry))
    .map(([path]) => join(path, 'package.json'));
  return () => {
    const there = files.filter((file) => existsSync(file)).length;
    const detail =
      there < files.length
        ? `${there} of ${files.length} packages`
        : `${there} packages, now their install scripts`;
    return { detail, change: Math.floor((10 * there) / Math.max(1, files.length)) };
  };
}

function isForThisMachine({ os, cpu, libc }) {
  return (
    (!os || os.includes(process.platform)) &&
    (!cpu || cpu.includes(process.arch)) &&
    (!libc || libc.includes(LIBC))
  );
}

const LIBC = existsSync('/etc/alpine-release') ? 'musl' : 'glibc';
