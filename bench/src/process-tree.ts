import { readdir, readFile } from 'node:fs/promises';

/** /proc counts CPU time in these; the kernel fixes it for all that it tells programs. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Seconds of CPU, of the process itself and of the children that it has waited for. */
  readonly cpuSeconds: number;
}

/** Seconds of CPU that a process and all below it have taken so far, those that have ended included. */
export async function readTreeCpu(root: number): Promise<number> {
  return (await readTree(root)).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Seconds of CPU of all that this process has run and waited for. */
export async function readChildrenCpu(): Promise<number> {
  const fields = await readFields(process.pid);
  return fields ? sumTicks(fields.slice(13, 15)) : 0;
}

/** Bytes of memory of a process and all below it, pages that several share counted once. */
export async function readTreeMemory(root: number): Promise<number> {
  const sizes = (await readTree(root)).map(async ({ pid }) => {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

async function readTree(root: number): Promise<Stat[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = (await Promise.all(pids.map(readStat))).filter((stat) => stat !== null);
  const tree = stats.filter(({ pid }) => pid === root);
  // grows while it is walked: children come after their parents
  for (const { pid } of tree) tree.push(...stats.filter(({ parent }) => parent === pid));
  return tree;
}

async function readStat(pid: number): Promise<Stat | null> {
  const fields = await readFields(pid);
  return fields && { pid, parent: Number(fields[1]), cpuSeconds: sumTicks(fields.slice(11, 15)) };
}

/** What follows the program's name in a process's stat; null for one that has just ended. */
async function readFields(pid: number): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // the name is in brackets, with whatever is in it
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function sumTicks(fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + Number(field), 0) / TICKS_PER_SECOND;
}
