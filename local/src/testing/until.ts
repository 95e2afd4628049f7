import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 20;

/** Waits for what nobody announces; throws when it does not come within the time. */
export async function until(what: string, isSo: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause(LOOK_MS);
  }
}
