/** A subgraph answered with a status other than 200. */
export class StatusError extends Error {
  override name = 'StatusError';
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status}: ${text.slice(0, 200)}`);
    this.status = status;
  }
}

/** No answer came in time. */
export class LateError extends Error {
  override name = 'LateError';

  constructor(timeoutMs: number) {
    super(`no answer within ${Math.round(timeoutMs)} ms`);
  }
}

/** Every URL of the subgraph is left alone for the moment. */
export class CircuitOpenError extends Error {
  override name = 'CircuitOpenError';
}

/** There was no connection, so the subgraph has seen nothing of the request. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a failure is the subgraph's: a request that it refuses says nothing of its health. */
export function isFault(err: unknown): boolean {
  return !(err instanceof StatusError && err.status < 500);
}

export function isUnsent(err: unknown): boolean {
  return NOT_CONNECTED.has(String((err as { code?: unknown } | null)?.code));
}

/** Whether another try may end otherwise and is worth the time that is left. */
export function mayRetry(err: unknown): boolean {
  return isFault(err) && !(err instanceof LateError) && !(err instanceof CircuitOpenError);
}
