import { ClientError } from '@volna/platform/errors';

const MAX_FIRST = 100;

/** How many results are given: of more than the most, as in every list of the platform, the most. */
export function readFirst(
  first: number | null | undefined,
  otherwise: number,
  most: number = MAX_FIRST,
): number {
  const wanted = first ?? otherwise;
  if (wanted < 0) throw new ClientError('BAD_USER_INPUT', '`first` must not be negative');
  return Math.min(wanted, most);
}
