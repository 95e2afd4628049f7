import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { isRunning, nameProcess } from './processes.mjs';

const EVERY_MS = 250;
const LOCK = /^lock\.(\d+)$/;
const USER = /^user\.\d+$/;

/**
 * Makes this process the only one that installs in a folder, and waits while another does.
 *
 * `lock.N` names the processes that hold it; the one with the greatest N counts, and only while one of them runs. So
 * whoever is killed leaves nothing that blocks. Whoever takes it over makes `lock.N+1` instead of removing `lock.N`:
 * of two who find it left behind at once, one can make it.
 */
export async function takeLock(folder, onWait) {
  mkdirSync(folder, { recursive: true });
  for (let told = false; ;) {
    const { number, holders } = readLast(folder);
    const holder = holders.find(isRunning);
    if (!holder && makeLock(folder, number + 1)) return openLock(folder, number + 1);
    if (holder && !told) onWait(Number.parseInt(holder, 10));
    told ||= Boolean(holder);
    await pause(EVERY_MS);
  }
}

function openLock(folder, number) {
  const file = fileOf(folder, number);
  const own = nameProcess(process.pid);
  return {
    /** From now on it is held until this child of ours has ended, too, even if this process is killed. */
    share(pid) {
      writeAtOnce(file, `${own}\n${nameProcess(pid)}\n`);
    },
    /** Notes that this process uses what is installed, for as long as it runs. */
    use() {
      writeAtOnce(join(folder, `user.${process.pid}`), own);
    },
    /** The pid of another process that uses what is installed; undefined where there is none. */
    otherUser() {
      return readdirSync(folder)
        .filter((name) => USER.test(name))
        .map((name) => readOr(join(folder, name)))
        .filter((name) => name !== own && isRunning(name))
        .map((name) => Number.parseInt(name, 10))[0];
    },
    /** The file stays, so that numbers only grow; it names nobody. */
    release() {
      writeAtOnce(file, '');
    },
  };
}

/** False where another process has been quicker. */
function makeLock(folder, number) {
  const file = fileOf(folder, number);
  const own = `${file}.${process.pid}`;
  writeFileSync(own, nameProcess(process.pid));
  try {
    // unlike a file that is made and then written, a link is there with what it says
    linkSync(own, file);
  } catch (err) {
    if (err.code !== 'EEXIST') throw err;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
  // others may have come further meanwhile, and have cleared away the number that was made here
  if (readLast(folder).number !== number) {
    rmSync(file, { force: true });
    return false;
  }
  clearAway(folder, number);
  return true;
}

function clearAway(folder, number) {
  for (const name of readdirSync(folder)) {
    const isOld = Number(LOCK.exec(name)?.[1] ?? number) < number;
    const isLeft = USER.test(name) && !isRunning(readOr(join(folder, name)));
    if (isOld || isLeft) rmSync(join(folder, name), { force: true });
  }
}

/** The lock that counts. */
function readLast(folder) {
  const numbers = readdirSync(folder).flatMap((name) => LOCK.exec(name)?.[1] ?? []);
  const number = Math.max(0, ...numbers.map(Number));
  return { number, holders: readOr(fileOf(folder, number)).split('\n') };
}

function readOr(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function writeAtOnce(file, text) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, file);
}

const fileOf = (folder, number) => join(folder, `lock.${number}`);
