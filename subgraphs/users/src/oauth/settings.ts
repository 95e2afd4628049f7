const MINUTE_MS = 60_000;

export const OAUTH = {
  /** How long somebody may take to sign in at the provider. */
  attemptMs: 10 * MINUTE_MS,
  /** Sign-ins that one address begins within this time. */
  starts: { limit: 60, withinMs: 10 * MINUTE_MS },
  /** Sign-ins of one address that come to nothing within this time, before it has to wait. */
  failures: { limit: 20, withinMs: 15 * MINUTE_MS },
} as const;
