import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { JobError } from '@volna/platform/job-progress';

/** A program and its whole environment: it inherits nothing, so that it cannot tell what we know. */
export interface Tool {
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
  /** Stops the program once its output is longer. */
  readonly maxOutputBytes?: number;
}

/** Kept of what a program says: the summary of a measurement is in its last lines. */
const STDERR_TAIL = 32_768;
const STDERR_SHOWN = 2_000;

/** The program ended by itself and says that it failed. */
export class ToolFailedError extends Error {
  override name = 'ToolFailedError';
  readonly stderr: string;

  constructor(tool: string, status: number, stderr: string) {
    super(`${tool} ended with status ${status}`);
    this.stderr = stderr.slice(-STDERR_SHOWN);
  }
}

const NO_ROOM = /No space left on device|Cannot allocate memory|Too many open files/;

/** Runs the program, and ends it once its own input closes: that happens however this process ends. */
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null &
tool=$!
{ read -r _ <&3; kill -KILL "$tool"; } >/dev/null 2>&1 &
reader=$!
wait "$tool"
status=$?
kill "$reader"
exit "$status"
`;
/** How a shell tells that a program cannot be run, and from where on that a signal has ended it. */
const [NOT_RUNNABLE, SIGNALLED, HIGHEST_SIGNAL] = [126, 128, 64];

/** Runs a program to its end in a process group of its own, which is killed whole on abort and timeout. */
export async function runTool(tool: Tool, args: readonly string[], options: RunOptions) {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const over = new AbortController();
  const stop = AbortSignal.any([options.signal, timeout, over.signal]);
  stop.throwIfAborted();

  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', tool.path, ...args], {
    env: { ...tool.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = () => killGroup(child.pid);
  stop.addEventListener('abort', kill);
  const stdout: Buffer[] = [];
  let stderr = '';
  let bytes = 0;
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  if (options.onLine) createInterface(child.stdout).on('line', options.onLine);
  else
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > (options.maxOutputBytes ?? Infinity))
        over.abort(new ToolFailedError(tool.path, 1, 'too much output'));
      else stdout.push(chunk);
    });

  try {
    const [status, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    stop.throwIfAborted();
    if (status === null || isOurFault(status)) {
      throw new Error(`${tool.path} ended with ${status ?? killedBy}: ${stderr.slice(-STDERR_SHOWN)}`);
    }
    if (NO_ROOM.test(stderr)) throw new JobError('WORKER_ERROR', 'the worker has no room left', true);
    if (status !== 0) throw new ToolFailedError(tool.path, status, stderr);
    return { stdout: Buffer.concat(stdout), stderr };
  } catch (err) {
    if (timeout.aborted) throw new JobError('TIMED_OUT', 'processing took too long', true, { cause: err });
    throw err;
  } finally {
    stop.removeEventListener('abort', kill);
  }
}

/** Not found, not to be run, or killed, as by a lack of memory: a program that only dislikes a file exits by itself. */
function isOurFault(status: number): boolean {
  return (
    status === NOT_RUNNABLE ||
    status === NOT_RUNNABLE + 1 ||
    (status > SIGNALLED && status <= SIGNALLED + HIGHEST_SIGNAL)
  );
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // the group has ended by itself
  }
}
