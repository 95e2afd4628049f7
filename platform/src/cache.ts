/** Short-lived shared state: counters, locks, answers. Losing it costs time, never truth. */
export interface Cache extends AsyncDisposable {
  readonly kind: string;

  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** True for the one caller that finds the key free. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  delete(...keys: readonly string[]): Promise<void>;
  /** Adds to a counter that ends `ttlMs` after its first increment; gives its new value. */
  increment(key: string, by: number, ttlMs: number): Promise<number>;
}
