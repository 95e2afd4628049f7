import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { ROOT, type Settings } from './compose-file.ts';

const END_MS = 15_000;
/** More than a process waits for its backends, on a machine that is busy with others. */
const READY_MS = 180_000;
const PAUSE_MS = 100;

/** A process of ours that runs by itself. */
export interface RunningEntry extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  isRunning(): boolean;
  /** All that it has said, on both outputs. */
  said(): string;
  /** Resolves once it has said this; rejects when it ends before. */
  until(what: RegExp): Promise<void>;
  /** Resolves once this URL of it answers with success; rejects when it ends before. */
  untilReady(url: string): Promise<void>;
  /** Its exit status. */
  readonly ended: Promise<number | null>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Tells it to stop; null where it had to be killed. */
  stop(): Promise<number | null>;
}

/** Runs an entry file with these variables and no others that it reads. */
export function runEntry(name: string, entry: string, settings: Settings): RunningEntry {
  const { NODE_COMPILE_CACHE } = process.env;
  const env = { ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...settings };
  const child = spawn(process.execPath, [entry], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = new EventEmitter();
  let text = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      heard.emit('text');
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const fail = (what: string) => {
    throw new Error(`${name} ${what}: ${text.slice(-2000)}`);
  };
  const check = (late: AbortSignal) => {
    if (!isRunning()) fail('has ended');
    if (late.aborted) fail('is late');
  };
  const kill = async () => {
    if (isRunning()) child.kill('SIGKILL');
    await ended;
  };
  return {
    name,
    pid: child.pid ?? 0,
    isRunning,
    said: () => text,
    async until(what) {
      const late = AbortSignal.timeout(READY_MS);
      while (!what.test(text)) {
        check(late);
        await Promise.race([once(heard, 'text', { signal: late }), ended]).catch(() => undefined);
      }
    },
    async untilReady(url) {
      const late = AbortSignal.timeout(READY_MS);
      while (!(await answers(url))) {
        check(late);
        await pause(PAUSE_MS);
      }
    },
    ended,
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
      child.kill('SIGTERM');
      const code = await ended;
      clearTimeout(late);
      return code;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
