import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Binary } from '../binaries.ts';
import { isProcessAlive, stopForeign } from './process.ts';

const READY_MS = 15_000;
const TERM_MS = 1_500;
const LINES_KEPT = 20;

/** A server that this process has started and that ends with it. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

export interface ServerCommand {
  readonly binary: Binary;
  readonly args: readonly string[];
  /** The server's own: its data, and the file that says which process serves it. */
  readonly directory: string;
  /** A line of output that says that it takes connections. */
  readonly ready: RegExp;
}

export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has said until it was ready. */
  readonly output: readonly string[];
}

/**
 * Runs a server and tells its process id. Ends it when its own input closes, which happens whatever way its
 * parent ends.
 */
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
echo "pid $server"
{ read -r _ <&3; kill -TERM "$server"; sleep 2; kill -KILL "$server"; } >/dev/null 2>&1 &
reader=$!
wait "$server"
kill "$reader"
`;

/** Starts a server and resolves when it takes connections; ends first what an earlier parent left behind. */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const { binary, args, directory, ready } = command;
  await mkdir(directory, { recursive: true });
  const pidFile = join(directory, 'server.pid');
  await stopOrphan(pidFile, directory);

  // a group of its own: a Ctrl-C in the terminal is for the parent, which ends its servers last
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', binary.path, ...args], {
    cwd: directory,
    detached: true,
    env: { ...process.env, ...binary.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // the pipe breaks when the server ends first
  guard.stdin.on('error', () => undefined);
  const ended = once(guard, 'close');
  try {
    const { pid, output } = await becomeReady(guard, ready);
    await writeFile(pidFile, String(pid));
    return {
      pid,
      output,
      [Symbol.asyncDispose]: async () => {
        await stopServer(pid, guard);
        await ended;
        await rm(pidFile, { force: true });
      },
    };
  } catch (err) {
    guard.stdin.end();
    throw err;
  }
}

/** Reads what the server says, and goes on reading so that it never waits for us. */
async function becomeReady(
  guard: ChildProcessWithoutNullStreams,
  ready: RegExp,
): Promise<{ pid: number; output: string[] }> {
  const output: string[] = [];
  let [pid, isReady] = [0, false];
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(late);
      reject(new Error(`server ${what}: ${output.slice(-LINES_KEPT).join('\n')}`));
    };
    const late = setTimeout(() => fail('is not ready'), READY_MS);
    const read = (line: string) => {
      if (pid > 0 && isReady) return;
      output.push(line);
      pid ||= Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0);
      isReady ||= ready.test(line);
      if (pid === 0 || !isReady) return;
      clearTimeout(late);
      resolve({ pid, output });
    };
    for (const input of [guard.stdout, guard.stderr]) createInterface({ input }).on('line', read);
    guard.once('error', (err) => fail(err.message));
    guard.once('close', () => fail('has ended'));
  });
}

async function stopServer(pid: number, guard: ChildProcess): Promise<void> {
  const killer = setTimeout(() => kill(pid, 'SIGKILL'), TERM_MS);
  const ended =
    guard.exitCode !== null || guard.signalCode !== null ? Promise.resolve() : once(guard, 'exit');
  kill(pid, 'SIGTERM');
  await ended;
  clearTimeout(killer);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  if (isProcessAlive(pid)) process.kill(pid, signal);
}

/** Ends the server that an earlier process left in this directory, and nothing else that has its id now. */
async function stopOrphan(pidFile: string, directory: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid < 2 || !isProcessAlive(pid)) return;
  // servers of ours run in their directory; where /proc is missing the guard has to do
  const workingDirectory = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (workingDirectory === (await realpath(directory))) await stopForeign(pid, 'SIGKILL', TERM_MS);
}
