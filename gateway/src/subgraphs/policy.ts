/** How the gateway deals with one remote subgraph. */
export interface SubgraphPolicy {
  /** How long a query may take, with all its tries; the gateway's own limit where none is set. */
  readonly timeoutMs?: number | undefined;
  /** How often a query that failed is sent again, each time elsewhere where there is an elsewhere. */
  readonly retries: number;
  /** Failures in a row after which a URL is left alone. */
  readonly failures: number;
  /** How long it is left alone before the gateway looks whether it answers again. */
  readonly coolDownMs: number;
}

export const SUBGRAPH_POLICY: SubgraphPolicy = { retries: 2, failures: 5, coolDownMs: 1_000 };

/** Retries that may be made at once, and the part of all requests that may be retries in the long run. */
const RETRIES_AT_ONCE = 10;
const RETRIES_PER_REQUEST = 0.1;

/** Bounds the retries of one subgraph, so that a sick one is not asked several times as often as a well one. */
export class RetryBudget {
  #left = RETRIES_AT_ONCE;

  /** A first try has been made. */
  earn(): void {
    if (this.#left < RETRIES_AT_ONCE) this.#left += RETRIES_PER_REQUEST;
  }

  /** Whether one more retry is within the budget; if so, it is spent. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
