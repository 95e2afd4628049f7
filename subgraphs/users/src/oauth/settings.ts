const MINUTE_MS = 60_000;

export const OAUTH = {
  /** How long somebody may take to sign in at the provider. */
  attemptMs: 10 * MINUTE_MS,
  /** Sign-ins that one network may begin. */
  starts: { limit: 60, withinMs: 10 * MINUTE_MS },
  /** Sign-ins of one network that may come to nothing. */
  failures: { limit: 20, withinMs: 15 * MINUTE_MS },
} as const;
