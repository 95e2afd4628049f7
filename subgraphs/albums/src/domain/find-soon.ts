import { setTimeout } from 'node:timers/promises';

const STEP_MS = 50;

/**
 * What a query finds, tried for up to two seconds: a fact that another service stated a moment ago may still
 * be on its way here.
 */
export async function findSoon<Found>(
  find: () => Promise<Found | null>,
  withinMs = 2000,
): Promise<Found | null> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await find();
    if (found !== null || Date.now() > deadline) return found;
    await setTimeout(STEP_MS);
  }
}
