import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { runTool, ToolFailedError } from './run-tool.ts';

const shell = { path: '/bin/sh', env: { PATH: '/usr/bin:/bin' } };
const patient = { signal: new AbortController().signal, timeoutMs: 30_000 };

/** What is dead waits as a zombie until init has taken note. */
async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return state !== null && !/\) [ZX] /.test(state);
}

describe('runTool', () => {
  it('returns what the program says', async () => {
    const { stdout, stderr } = await runTool(shell, ['-c', 'echo out; echo err >&2'], patient);
    expect([stdout.toString(), stderr]).toEqual(['out\n', 'err\n']);
  });

  it('shows the program no environment but its own', async () => {
    process.env.VOLNA_TEST_SECRET = 'secret';
    const { stdout } = await runTool(shell, ['-c', 'echo "[$VOLNA_TEST_SECRET]"'], patient);
    expect(stdout.toString()).toBe('[]\n');
  });

  it('tells a program that fails from one that takes too long', async () => {
    await expect(runTool(shell, ['-c', 'exit 3'], patient)).rejects.toThrow(ToolFailedError);
    const hurried = { ...patient, timeoutMs: 50 };
    await expect(runTool(shell, ['-c', 'sleep 60'], hurried)).rejects.toMatchObject({
      code: 'TIMED_OUT',
      retryable: true,
    });
  });

  it('lays it to nobody but the worker when the program is not there or is killed', async () => {
    for (const script of ['exec /no/such/program', 'kill -KILL $$']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const err: unknown = await runTool(shell, ['-c', script], patient).catch((thrown: unknown) => thrown);
      expect(err).toBeInstanceOf(Error);
      expect(err).not.toBeInstanceOf(ToolFailedError);
    }
  });

  it('lays a full disk to the worker, not to the file', async () => {
    const full = runTool(shell, ['-c', 'echo "x: No space left on device" >&2; exit 1'], patient);
    await expect(full).rejects.toMatchObject({ code: 'WORKER_ERROR', retryable: true });
  });

  it('stops a program that says too much', async () => {
    const bounded = { ...patient, maxOutputBytes: 10_000 };
    await expect(runTool(shell, ['-c', 'while :; do echo aaaaaaaaaa; done'], bounded)).rejects.toThrow(
      ToolFailedError,
    );
  });

  it('ends the children of the program as well when it is aborted', async () => {
    await using scratch = await openScratch();
    const pidFile = scratch.path('pid');
    const stop = new AbortController();
    const script = `sleep 600 & echo $! > ${pidFile}; echo ready; wait`;
    const running = runTool(shell, ['-c', script], {
      signal: stop.signal,
      timeoutMs: 30_000,
      onLine: () => stop.abort(new Error('told to stop')),
    });
    await expect(running).rejects.toThrow('told to stop');
    const child = Number(await readFile(pidFile, 'utf8'));
    // it is killed already, but may not have ended yet; were it not killed, the test would time out
    while (await isRunning(child)) await setImmediate();
    expect(await isRunning(child)).toBe(false);
  });

  it('ends the program when this process is killed', async () => {
    const module = new URL('run-tool.ts', import.meta.url).href;
    const script = `
      const { runTool } = await import('${module}');
      const signal = new AbortController().signal;
      const options = { signal, timeoutMs: 600_000, onLine: (line) => process.stdout.write(line) };
      await runTool(${JSON.stringify(shell)}, ['-c', 'echo $$; exec sleep 600'], options);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
    expect(await isRunning(Number(pid))).toBe(true);
    parent.kill('SIGKILL');
    while (await isRunning(Number(pid))) await setImmediate();
    expect(await isRunning(Number(pid))).toBe(false);
  });
});
