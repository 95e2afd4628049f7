import { ClientError } from '@volna/platform/errors';

const MAX_FIRST = 100;

/** How long a list is asked for: 100 at most. */
export function readFirst(first: number | null | undefined, otherwise: number): number {
  const wanted = first ?? otherwise;
  if (wanted < 0) throw new ClientError('BAD_USER_INPUT', '`first` must not be negative');
  return Math.min(wanted, MAX_FIRST);
}
