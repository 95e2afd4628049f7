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
  /** So far ahead a revocation reaches in a session that goes on: tokens of processes whose clock is ahead are among them. */
  revocationLeadMs: 2_000,
  /** Codes in letters. */
  resetTokenMs: 30 * MINUTE_MS,
  verificationTokenMs: 30 * MINUTE_MS,
  /** A refresh token that is used twice within this time was a lost answer, not a theft. */
  refreshGraceMs: 10_000,
  /** How long a sign-in proves an account that has no password. */
  provenMs: 10 * MINUTE_MS,
  /** How often accounts may be tried at, unless a service is started with other limits. */
  limits: {
    /** Wrong passwords for one name from one network. */
    passwordsOfNameInNetwork: { limit: 10, withinMs: 15 * MINUTE_MS },
    /** Wrong passwords for one name from everywhere; networks that its account has signed in from go on. */
    passwordsOfName: { limit: 100, withinMs: 60 * MINUTE_MS },
    /** Wrong passwords from one network, for whatever names. */
    passwordsOfNetwork: { limit: 200, withinMs: 15 * MINUTE_MS },
    registrationsOfNetwork: { limit: 60, withinMs: 60 * MINUTE_MS },
    resetsOfAddress: { limit: 5, withinMs: 60 * MINUTE_MS },
    resetsOfNetwork: { limit: 60, withinMs: 60 * MINUTE_MS },
    /** Letters that prove an address, asked for by one account. */
    lettersOfAccount: { limit: 10, withinMs: 60 * MINUTE_MS },
  },
  /** How long a network is known to an account that has signed in from it. */
  knownNetworkMs: 90 * DAY_MS,
  /** How unlike an account's other sign-ins one is, 0 to 100. */
  risk: {
    /** What each reason adds. */
    points: { NEW_DEVICE: 50, NEW_NETWORK: 20, MANY_FAILURES: 30, MANY_ACCOUNTS: 30 },
    /** Wrong passwords for the account within the hour that count as many. */
    manyFailures: 5,
    /** Names that the network has tried to sign in by within the hour that count as many. */
    manyAccounts: 20,
    /** From there on a letter tells the account's owner. */
    letterFrom: 50,
    /** From there on a code from a letter is asked for, where the address is proved. */
    challengeFrom: 80,
  },
  signInCode: { goodForMs: 10 * MINUTE_MS, tries: { limit: 10, withinMs: 10 * MINUTE_MS } },
  /** Keys for scripts that one account may have at a time. */
  apiKeys: 25,
  /** How long a session or key that has ended is remembered. */
  endedSignInMs: 30 * DAY_MS,
  /** How often what proves nothing any more is removed. */
  sweepMs: 60 * MINUTE_MS,
  /** The age at which the key of access tokens is succeeded by another. */
  signingKeyDays: 90,
  /** How long a new key is published before it signs: longer than any copy of the published keys may be kept. */
  signingKeyWaitMs: 2 * MINUTE_MS,
  /** How often each process learns of keys that others have made. */
  signingKeyLookMs: 15_000,
  issuer: 'volna',
  audience: 'volna',
  /** OWASP's argon2id parameters: 19 MiB, two passes, one lane. */
  argon2: { memory: 19_456, passes: 2, parallelism: 1 },
} as const;
