const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long proofs of identity are good for, and what a password costs to check. */
export const SETTINGS = {
  accessTokenMs: 15 * MINUTE_MS,
  refreshTokenMs: 30 * DAY_MS,
  /** However often it is refreshed, a session ends then. */
  sessionMs: 90 * DAY_MS,
  /** How far the clocks of processes may be apart. */
  clockSkewMs: MINUTE_MS,
  resetTokenMs: 30 * MINUTE_MS,
  /** A refresh token that is used twice within this time was a lost answer, not a theft. */
  refreshGraceMs: 10_000,
  /** How long a sign-in proves an account that has no password. */
  provenMs: 10 * MINUTE_MS,
  /** Wrong passwords for one login name within this time, before the right one is refused too. */
  loginFailures: { limit: 10, withinMs: 15 * MINUTE_MS },
  issuer: 'volna',
  audience: 'volna',
  /** OWASP's argon2id parameters: 19 MiB, two passes, one lane. */
  argon2: { memory: 19_456, passes: 2, parallelism: 1 },
} as const;
