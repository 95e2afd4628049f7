import { setTimeout as pause } from 'node:timers/promises';

const [FIRST_LOOK_MS, LAST_LOOK_MS] = [10, 100];

/** Waits for what nobody announces; throws when it does not come within the time. */
export async function until(what: string, isSo: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  // a look costs the processor what is waited for
  let lookMs = FIRST_LOOK_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause(lookMs);
    lookMs = Math.min(lookMs * 1.5, LAST_LOOK_MS);
  }
}
