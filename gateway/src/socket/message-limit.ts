/** How many seconds' messages may come at once. */
const BURST_SECONDS = 4;

/** Says of each message as it comes whether it is within the limit. */
export function createMessageLimit(perSecond: number): () => boolean {
  const most = perSecond * BURST_SECONDS;
  let left = most;
  let at = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(most, left + ((now - at) / 1_000) * perSecond);
    at = now;
    if (left < 1) return false;
    left--;
    return true;
  };
}
