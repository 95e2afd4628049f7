import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Whether a process of this id runs, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line that a process runs, on Linux and macOS; empty when it is gone. */
export async function readCommand(pid: number | string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    const shown = promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', `${pid}`]);
    return shown.then(
      ({ stdout }) => stdout,
      () => '',
    );
  }
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Signals a child and waits for its end; kills it when that takes longer than the grace. */
export async function stopChild(child: ChildProcess, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (hasExited(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = new AbortController();
  const forced = setTimeout(graceMs, undefined, { signal: late.signal }).then(
    () => child.kill('SIGKILL'),
    () => false,
  );
  await ended;
  late.abort();
  await forced;
}

/** Signals a process that is not our child and waits for its end. */
export async function stopForeign(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  process.kill(pid, signal);
  while (isProcessAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} does not stop`);
    // oxlint-disable-next-line no-await-in-loop -- there is nothing but its id to wait on
    await setTimeout(20);
  }
}
