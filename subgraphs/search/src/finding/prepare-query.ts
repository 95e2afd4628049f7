import { ClientError } from '@volna/platform/errors';

import { swapKeyboard } from '../text/keyboard.ts';
import { toSearchable } from '../text/searchable.ts';
import type { Terms } from './matches-sql.ts';
import type { Filter } from './types.ts';

const MAX_QUERY = 200;

/** A query as it is compared with entries, or null where it holds no letter and no digit. */
export function prepareQuery(query: string): Omit<Terms, 'near'> | null {
  if (query.length > MAX_QUERY) {
    throw new ClientError('BAD_USER_INPUT', `a query has at most ${MAX_QUERY} characters`);
  }
  const text = toSearchable(query);
  if (!text.words) return null;
  const swapped = toSearchable(swapKeyboard(query) ?? '');
  return { text, swapped: swapped.words ? swapped : null };
}

const RANGES = [
  ['yearFrom', 'yearTo'],
  ['tempoFrom', 'tempoTo'],
  ['energyFrom', 'energyTo'],
  ['durationFromMs', 'durationToMs'],
] as const;
const MAX_TEXT = 100;

/** Refuses what no track can pass. */
export function checkFilter(filter: Filter): void {
  for (const [from, to] of RANGES) {
    const [low, high] = [filter[from], filter[to]];
    if (low != null && high != null && low > high) {
      throw new ClientError('BAD_USER_INPUT', `\`${from}\` must not be more than \`${to}\``);
    }
  }
  for (const name of ['genre', 'artistId', 'key', 'language'] as const) {
    if ((filter[name]?.length ?? 0) > MAX_TEXT) {
      throw new ClientError('BAD_USER_INPUT', `\`${name}\` has at most ${MAX_TEXT} characters`);
    }
    if (filter[name]?.includes('\0')) {
      throw new ClientError('BAD_USER_INPUT', `\`${name}\` must not hold the character U+0000`);
    }
  }
}
