import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

import { readEndpoint } from '@volna/local/endpoint-file';

const ENTRY = new URL(import.meta.resolve('@volna/local')).pathname.replace('stack.ts', 'index.ts');
const START_MS = 60_000;
const STOP_MS = 10_000;

/** The whole platform as a process, over an empty library in the given folder. */
export async function startStackProcess(data: string) {
  const args = ['--disable-warning=ExperimentalWarning', ENTRY, '--empty', '--port', '0', '--data', data];
  const env = { ...process.env, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, args, { env, stdio: 'ignore', detached: true });
  const url = await waitForEndpoint(child, data, START_MS);
  return { pid: child.pid ?? 0, endpoint: `${url}/graphql`, [Symbol.asyncDispose]: () => stopGroup(child) };
}

/** Resolves with the URL once the stack in the folder answers. */
export async function waitForEndpoint(child: ChildProcess, data: string, withinMs: number): Promise<string> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const url = await readEndpoint(data);
    if (url && (await fetch(`${url}/health/ready`).catch(() => null))?.ok) return url;
    if (child.exitCode !== null) throw new Error(`the stack ended with ${child.exitCode}`);
    if (Date.now() > deadline) {
      await stopGroup(child);
      throw new Error('the stack does not start');
    }
    await setTimeout(100);
  }
}

/** Stops a child that leads a group, and all in that group, as Ctrl-C does; kills what is left after a while. */
export async function stopGroup({ pid = 0 }: ChildProcess): Promise<void> {
  const deadline = Date.now() + STOP_MS;
  let signal: NodeJS.Signals | 0 = 'SIGINT';
  while (signalGroup(pid, signal)) {
    signal = Date.now() > deadline ? 'SIGKILL' : 0;
    await setTimeout(100);
  }
}

/** False for a group that is gone. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
