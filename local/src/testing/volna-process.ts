import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { readEndpoint } from '../endpoint-file.ts';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** More than a start needs on a busy machine. */
const START_MS = 90_000;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has printed so far, errors included. */
  output(): string;
  /** Resolves when it has ended and its output is read. */
  readonly ended: Promise<Ended>;
}

/** Runs one of our entry files as `npm` does, in a process group of its own as in a terminal. */
export function runEntry(entry: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, entry), ...args],
    {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, pid: child.pid ?? 0, output: () => output, ended };
}

export interface RunningVolna extends Running {
  readonly url: string;
}

/** Starts Volna on a folder and waits for its endpoint. What it writes elsewhere it writes to `tmp` there. */
export async function startVolna(directory: string, args: readonly string[] = []): Promise<RunningVolna> {
  const TMPDIR = join(directory, 'tmp');
  await mkdir(TMPDIR, { recursive: true });
  const running = runEntry('local/src/index.ts', ['--empty', '--data', directory, '--port', '0', ...args], {
    TMPDIR,
  });
  const early = running.ended.then(({ output }) => {
    throw new Error(`Volna has ended: ${output}`);
  });
  const up = until(
    'Volna is up',
    async () => running.output().includes('endpoint is up') && (await readEndpoint(directory)) !== null,
    START_MS,
  );
  await Promise.race([up, early]);
  early.catch(() => undefined);
  return { ...running, url: (await readEndpoint(directory)) ?? '' };
}

/** The command lines of all processes that work on a folder: by what they were told, or where they are. */
export async function processesOf(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    // at once: hundreds of files that are no disk's would each cost more to wait for than to read
    const command = orNothing(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const where = orNothing(() => readlinkSync(`/proc/${pid}/cwd`));
    if (command.includes(directory) || where.startsWith(directory)) {
      found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
    }
  }
  return found;
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** Waits for an ffmpeg that encodes in this folder; gives its process id. */
export async function untilEncoding(directory: string): Promise<number> {
  let found: string | undefined;
  await until('something is encoded', async () => {
    found = (await processesOf(directory)).find((line) => /^\d+ \S*ffmpeg .*m3u8/.test(line));
    return found !== undefined;
  });
  return Number.parseInt(found ?? '', 10);
}

/** How a process ended, or null when it has not within the time. */
export async function endsWithin({ ended }: Running, ms: number): Promise<Ended | null> {
  const late = new AbortController();
  const given = pause(ms, null, { signal: late.signal }).catch(() => null);
  const answer = await Promise.race([ended, given]);
  late.abort();
  return answer;
}
