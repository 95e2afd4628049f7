import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

import { readEndpoint } from '@volna/local/endpoint-file';

import { endChild } from '../child.ts';

const ENTRY = new URL(import.meta.resolve('@volna/local')).pathname.replace('stack.ts', 'index.ts');
const START_MS = 60_000;
const STOP_MS = 10_000;

/** The whole platform as a process, over an empty library in the given folder. */
export async function startStackProcess(data: string) {
  const args = ['--disable-warning=ExperimentalWarning', ENTRY, '--empty', '--port', '0', '--data', data];
  const env = { ...process.env, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  const url = await waitForEndpoint(child, data, START_MS);
  return { pid: child.pid ?? 0, endpoint: `${url}/graphql`, [Symbol.asyncDispose]: () => stopStack(child) };
}

/** Resolves with the URL once the stack in the folder answers. */
export async function waitForEndpoint(child: ChildProcess, data: string, withinMs: number): Promise<string> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const url = await readEndpoint(data);
    if (url && (await fetch(`${url}/health/ready`).catch(() => null))?.ok) return url;
    if (child.exitCode !== null) throw new Error(`the stack ended with ${child.exitCode}`);
    if (Date.now() > deadline) {
      await endChild(child);
      throw new Error('the stack does not start');
    }
    await setTimeout(100);
  }
}

/** Tells the stack to stop, as Ctrl-C does. */
export async function stopStack(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await Promise.race([gone, setTimeout(STOP_MS, undefined, { ref: false })]);
  await endChild(child);
}
