/** Skips this early are of somebody who looks for something. */
const SEEKING_MS = 5_000;
/** From so many in a row on. */
export const SEEKING_RUN = 3;

interface Told {
  readonly type: string;
  readonly positionMs: number | null;
}

/**
 * Without what a listener skipped while looking for something: of three and more quick skips in a row only the first
 * counts. That playing began says nothing and ends no row.
 */
export function withoutSeeking<T extends Told>(events: readonly T[]): T[] {
  const dropped = new Set<T>();
  let run: T[] = [];
  const close = () => {
    if (run.length >= SEEKING_RUN) for (const event of run.slice(1)) dropped.add(event);
    run = [];
  };
  for (const event of events) {
    if (isQuickSkip(event)) run.push(event);
    else if (event.type !== 'STARTED') close();
  }
  close();
  return events.filter((event) => !dropped.has(event));
}

/** Whether the last of these has made what came before it a search. */
export function isSeeking(events: readonly Told[]): boolean {
  const told = events.filter(({ type }) => type !== 'STARTED').slice(-SEEKING_RUN);
  return told.length === SEEKING_RUN && told.every(isQuickSkip);
}

/** Whether the first of these, the latest, says something beside what came before it; a search is more skips than one. */
export function countsOnItsOwn([latest, before]: readonly Told[]): boolean {
  return !(latest && before && isQuickSkip(latest) && isQuickSkip(before));
}

const isQuickSkip = ({ type, positionMs }: Told): boolean =>
  type === 'SKIPPED' && positionMs !== null && positionMs < SEEKING_MS;
