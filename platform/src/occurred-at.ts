import { UserError } from './errors.ts';

/** A client's clock may be ahead by this much. */
export const CLOCK_SKEW_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** What happened without a connection is told by then, or not at all. */
const MAX_AGE_DAYS = 30;

/** The input's `occurredAt`, when something happened that a client tells of: now, where it does not say. */
export function readOccurredAt(occurredAt: Date | string | null | undefined): Date {
  const now = Date.now();
  const at = new Date(occurredAt ?? now);
  if (at.getTime() > now + CLOCK_SKEW_MS) {
    throw new UserError('BAD_USER_INPUT', 'this is in the future', ['occurredAt']);
  }
  if (at.getTime() < now - MAX_AGE_DAYS * DAY_MS) {
    throw new UserError('BAD_USER_INPUT', `this is more than ${MAX_AGE_DAYS} days ago`, ['occurredAt']);
  }
  return at;
}
