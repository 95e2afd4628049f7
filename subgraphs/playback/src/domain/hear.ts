/** Reports are on their way for different times, and a click on "next" comes with the end. */
const TOLERANCE_MS = 2_000;

/** How far a listening has come. */
export interface Progress {
  readonly playedAt: Date;
  readonly lastAt: Date;
  /** Where in the track it was at `lastAt`. */
  readonly positionMs: number;
  readonly heardMs: number;
}

interface Place {
  readonly at: Date;
  readonly positionMs: number;
}

/**
 * Goes on to the place of a report. What lies between two places was heard as far as there was time for it, so nothing
 * is of a leap on or back, of a pause, or of a report that comes late.
 */
export function hear(before: Progress, { at, positionMs }: Place): Omit<Progress, 'playedAt'> {
  const { playedAt, lastAt, heardMs } = before;
  if (at < lastAt) return { lastAt, positionMs: before.positionMs, heardMs };
  const passed = at.getTime() - lastAt.getTime() + TOLERANCE_MS;
  const moved = Math.max(0, positionMs - before.positionMs);
  const most = Math.max(heardMs, at.getTime() - playedAt.getTime() + TOLERANCE_MS);
  return { lastAt: at, positionMs, heardMs: Math.min(heardMs + Math.min(moved, passed), most) };
}

/** How a listening begins. One whose start nobody told is taken to have been played from the track's beginning. */
export function beginHearing({ at, positionMs }: Place, isStart: boolean) {
  return {
    playedAt: isStart ? at : new Date(at.getTime() - positionMs),
    lastAt: at,
    positionMs,
    beganMs: isStart ? positionMs : 0,
    heardMs: isStart ? 0 : positionMs,
  };
}

/** Whether a listening that has ended still went on when one that has come to that place would have begun. */
export function mayBeOf(ended: Pick<Progress, 'lastAt'>, { at, positionMs }: Place): boolean {
  return ended.lastAt.getTime() > at.getTime() - positionMs + TOLERANCE_MS;
}
