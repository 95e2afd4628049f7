/** What is played for less was not listened to. */
const COUNTED_MS = 30_000;
/** Of shorter tracks nobody looks for a place. */
const RESUMED_FROM_MS = 10 * 60_000;
/** This near to the beginning or the end there is nothing to go on with. */
const EDGE_MS = 15_000;

/** Whether a listening counts as a play: half a minute of it, or half of a short track. */
export function isCounted(heardMs: number, durationMs: number): boolean {
  return heardMs >= Math.min(COUNTED_MS, durationMs / 2) && heardMs > 0;
}

/** Where a long track goes on, or null. */
export function resumePoint(positionMs: number, durationMs: number): number | null {
  const isWithin = positionMs > EDGE_MS && positionMs < durationMs - EDGE_MS;
  return durationMs >= RESUMED_FROM_MS && isWithin ? positionMs : null;
}
