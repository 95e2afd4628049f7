import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the benchmark's own. */
export interface Child<Said> extends AsyncDisposable {
  readonly pid: number;
  /** What it said first. */
  readonly said: Said;
  /** Sends it a message, and waits for the one that it says to that. */
  ask<Answer>(message: string): Promise<Answer>;
}

/** Runs a file of this package as a process of its own, and waits for its first message. */
export async function startChild<Said>(entry: URL, args: readonly string[]): Promise<Child<Said>> {
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    APOLLO_TELEMETRY_DISABLED: 'true',
    LOG_LEVEL: 'error',
  };
  const child = fork(entry, args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${entry.pathname} ended with ${String(code)} and said nothing`);
  });
  const [said] = (await Promise.race([once(child, 'message'), ended])) as [Said];
  ended.catch(() => {});
  return {
    pid: child.pid ?? 0,
    said,
    async ask<Answer>(message: string) {
      const answered = once(child, 'message');
      child.send(message);
      return (await answered)[0] as Answer;
    },
    [Symbol.asyncDispose]: () => endChild(child),
  };
}

/** Kills a process, unless it has ended, and waits until it is gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
