import { setTimeout as pause } from 'node:timers/promises';

import { logger } from './log.ts';

/** How long a process waits for its backends, which may start after it. */
export const REACH_MS = 30_000;
const PAUSE_MS = 250;

export interface ReachOptions {
  readonly timeoutMs?: number;
  /** What no further try would change, such as a wrong password. */
  readonly isFinal?: (err: unknown) => boolean;
}

/** Tries until a backend lets us in; throws the last error when it does not in time. */
export async function untilReachable<T>(
  backend: string,
  connect: () => Promise<T>,
  { timeoutMs = REACH_MS, isFinal = () => false }: ReachOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- try after try
      return await connect();
    } catch (err) {
      if (isFinal(err) || Date.now() > deadline) throw err;
      if (attempt === 1) logger.warn({ backend, err }, 'waiting for a backend');
      // oxlint-disable-next-line no-await-in-loop -- try after try
      await pause(PAUSE_MS);
    }
  }
}
