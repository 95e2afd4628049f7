import type { FormattedExecutionResult } from 'graphql';

import { CODES } from './codes.ts';

/** The HTTP status of a result: of one without data, what its first error means. */
export function statusOf({ data, errors }: FormattedExecutionResult): number {
  if (data !== undefined) return 200;
  const code = String(errors?.[0]?.extensions?.['code']);
  return (Object.hasOwn(CODES, code) ? CODES[code]?.status : undefined) ?? 400;
}

/** How many whole seconds a refused client is to wait; null where that would change nothing. */
export function retryAfterOf({ errors }: FormattedExecutionResult): number | null {
  const wait = errors?.[0]?.extensions?.['retryAfterMs'];
  return typeof wait === 'number' ? Math.ceil(wait / 1000) : null;
}
