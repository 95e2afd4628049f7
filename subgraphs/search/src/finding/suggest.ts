import { ClientError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { headOf } from '../text/entry-texts.ts';
import { swapKeyboard } from '../text/keyboard.ts';
import { normalise } from '../text/normalise.ts';
import { toSearchable } from '../text/searchable.ts';
import { isVisible } from './filter-sql.ts';
import type { Kind } from './types.ts';

const MAX_PREFIX = 100;
/** Candidates are read in the order of their popularity; equal titles among them count once. */
const DEPTH = 120;

export interface Suggestion {
  readonly text: string;
  readonly kind: Kind;
  readonly id: string;
}

interface Candidate extends Suggestion {
  readonly popularity: number;
  /** Of a title that begins with what is typed; otherwise a later word does. */
  readonly fromStart: boolean;
}

/**
 * Titles and names a word of which begins with what is typed, in either alphabet: the most played first, each text
 * once a kind. Where that gives none, what the same keys give on the other layout.
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
  const found = await complete(deps, viewerId, prefix);
  const swapped = found.length === 0 ? swapKeyboard(prefix) : null;
  const candidates = swapped === null ? found : await complete(deps, viewerId, swapped);
  return withoutRepetition(candidates).slice(0, first);
}

async function complete(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
  prefix: string,
): Promise<Candidate[]> {
  const { words, latin, sound } = toSearchable(prefix);
  if (headOf(words) === null) return [];
  const typed = [...new Set([latin, sound])].filter((text) => headOf(text) !== null);
  if (typed.length === 0) return [];
  return db.$queryRaw<Candidate[]>`
    SELECT * FROM (${Prisma.join(
      typed.map((text) => keysFrom(text, viewerId)),
      ' UNION ALL ',
    )}) AS found
    ORDER BY popularity DESC, "fromStart" DESC, length(text), text, id`;
}

function keysFrom(text: string, viewerId: string | null): Prisma.Sql {
  return Prisma.sql`(
    SELECT e.title AS text, e.kind, e.id, p.popularity::int, s.title_latin LIKE ${`${text}%`} AS "fromStart"
    FROM search_prefix p
    JOIN search_entry e ON e.id = p.id
    JOIN search_text s ON s.id = p.id AND s.version = p.version
    WHERE p.version = (SELECT version FROM search_version WHERE state = 'SERVING')
      AND p.head = ${headOf(text)} AND p.key LIKE ${`${text}%`} AND ${isVisible(viewerId)}
    ORDER BY p.popularity DESC LIMIT ${DEPTH})`;
}

function withoutRepetition(candidates: readonly Candidate[]): Suggestion[] {
  const seen = new Set<string>();
  return candidates.flatMap(({ text, kind, id }) => {
    const said = `${kind} ${normalise(text)}`;
    if (seen.has(said)) return [];
    seen.add(said);
    return [{ text, kind, id }];
  });
}
