import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A file of this folder as a process of its own. */
export interface Child extends AsyncDisposable {
  /** What it said first. */
  readonly said: string;
  /** Sends SIGTERM, and gives the exit code. */
  stop(): Promise<number | null>;
}

export async function startChild(file: string, args: readonly string[]): Promise<Child> {
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const env = { ...process.env, LOG_LEVEL: 'fatal', NODE_OPTIONS: '' };
  const child = fork(entry, args, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = once(child, 'exit') as Promise<[number | null]>;
  const ended = gone.then(([code]): never => {
    throw new Error(`${file} ended with ${String(code)} and said nothing`);
  });
  const [said] = (await Promise.race([once(child, 'message'), ended])) as [string];
  ended.catch(() => {});
  return {
    said,
    async stop() {
      child.kill('SIGTERM');
      return (await gone)[0];
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
