import { GraphQLError } from 'graphql';

/** What one caller may ask for in a minute. */
export interface Budget {
  readonly requests: number;
  /** The costs of its operations together, so that few large queries count as many small ones. */
  readonly cost: number;
}

export interface RateLimits {
  /** Of each network address, for those who have not signed in. */
  readonly stranger: Budget;
  /** Of each user, wherever the requests come from. */
  readonly user: Budget;
  /**
   * The share, 0 to 1, of its caller's budget that a client of a name may use. A name is only a claim: it can lower a
   * limit, never raise one.
   */
  readonly clients: Readonly<Record<string, number>>;
}

export const RATE_LIMITS: RateLimits = {
  stranger: { requests: 100, cost: 50_000 },
  user: { requests: 600, cost: 300_000 },
  clients: {},
};

/** A request that its caller's budget does not allow, and when it would. */
export class RateLimitError extends GraphQLError {
  override name = 'RateLimitError';
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    const seconds = Math.ceil(retryAfterMs / 1000);
    super(`too many requests: try again in ${seconds} s`, {
      extensions: {
        code: 'RATE_LIMITED',
        retryAfterMs,
        http: { status: 429, headers: new Map([['retry-after', String(seconds)]]) },
      },
    });
    this.retryAfterMs = retryAfterMs;
  }
}
