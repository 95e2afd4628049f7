import { CollectionNotFoundError } from '@volna/platform/vectors';

/** Where nothing was ever put there is nothing to take out. */
export function ignoreMissing(err: unknown): void {
  if (!(err instanceof CollectionNotFoundError)) throw err;
}
