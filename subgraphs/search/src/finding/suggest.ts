import { ClientError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { headOf } from '../text/entry-texts.ts';
import { swapKeyboard } from '../text/keyboard.ts';
import { type Searchable, toSearchable } from '../text/searchable.ts';
import { isVisible } from './filter-sql.ts';
import { suggestAlike } from './suggest-alike.ts';
import type { Kind } from './types.ts';

const MAX_PREFIX = 100;
/** Candidates are read in the order of their popularity, and more of them where too many are called the same. */
const [DEPTH, FULL_DEPTH] = [40, 400];

export interface Suggestion {
  readonly text: string;
  readonly kind: Kind;
  readonly id: string;
}

interface Row extends Suggestion {
  readonly popularity: number;
}

interface Candidate extends Row {
  readonly searchable: Searchable;
  /** 0 where the title itself begins with what is typed, 1 where one of its later words does. */
  readonly rank: number;
}

/**
 * Titles and names a word of which begins with what is typed, in either alphabet: the most played first, each text
 * once a kind. Where that gives none, what the same keys give on the other layout; where that gives none either, what is
 * spelt much alike.
 */
export async function suggest(
  deps: Pick<Deps, 'db'>,
  viewerId: string | null,
  prefix: string,
  first: number,
): Promise<Suggestion[]> {
  if (prefix.length > MAX_PREFIX) {
    throw new ClientError('BAD_USER_INPUT', `a prefix has at most ${MAX_PREFIX} characters`);
  }
  const found = await completeOnce(deps, viewerId, prefix, first);
  if (found.length > 0 || first === 0) return found;
  const swapped = swapKeyboard(prefix);
  const others = swapped === null ? [] : await completeOnce(deps, viewerId, swapped, first);
  return others.length > 0 ? others : suggestAlike(deps, viewerId, toSearchable(prefix), first);
}

async function completeOnce(
  deps: Pick<Deps, 'db'>,
  viewerId: string | null,
  prefix: string,
  first: number,
): Promise<Suggestion[]> {
  const few = await complete(deps, viewerId, prefix, DEPTH);
  const found = withoutRepetition(few);
  if (found.length >= first || few.length < DEPTH) return found.slice(0, first);
  return withoutRepetition(await complete(deps, viewerId, prefix, FULL_DEPTH)).slice(0, first);
}

async function complete(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
  prefix: string,
  depth: number,
): Promise<Candidate[]> {
  const { words, latin, sound } = toSearchable(prefix);
  if (headOf(words) === null) return [];
  const typed = [...new Set([latin, sound])].filter((text) => headOf(text) !== null);
  if (typed.length === 0) return [];
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.title AS text, e.kind, e.id, best.popularity
    FROM (SELECT DISTINCT * FROM search_completions(${typed}::text[], ${depth}::int)) best
    JOIN search_entry e ON e.id = best.id
    WHERE ${isVisible(viewerId)}`;
  const candidates = rows.map((row) => {
    const searchable = toSearchable(row.text);
    return { ...row, searchable, rank: searchable.latin.startsWith(latin) ? 0 : 1 };
  });
  return candidates.toSorted(
    (a, b) =>
      b.popularity - a.popularity ||
      a.rank - b.rank ||
      a.text.length - b.text.length ||
      (a.id < b.id ? -1 : 1),
  );
}

function withoutRepetition(candidates: readonly Candidate[]): Suggestion[] {
  const seen = new Set<string>();
  return candidates.flatMap(({ text, kind, id, searchable }) => {
    const said = `${kind} ${searchable.words}`;
    if (seen.has(said)) return [];
    seen.add(said);
    return [{ text, kind, id }];
  });
}
