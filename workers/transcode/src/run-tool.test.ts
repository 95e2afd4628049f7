import { readFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { runTool, ToolFailedError } from './run-tool.ts';

const shell = { path: '/bin/sh', env: { PATH: '/usr/bin:/bin' } };
const patient = { signal: new AbortController().signal, timeoutMs: 30_000 };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
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
    const script = `sleep 60 & echo $! > ${pidFile}; echo ready; wait`;
    const running = runTool(shell, ['-c', script], {
      signal: stop.signal,
      timeoutMs: 30_000,
      onLine: () => stop.abort(new Error('told to stop')),
    });
    await expect(running).rejects.toThrow('told to stop');
    const child = Number(await readFile(pidFile, 'utf8'));
    // the group is gone once its last pipe is closed; what is left of the child waits for init
    const state = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone');
    expect(isAlive(child) && !/\) Z /.test(state)).toBe(false);
  });
});
