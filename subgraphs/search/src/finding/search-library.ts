import type { Deps } from '../context.ts';
import { isVisible } from './filter-sql.ts';
import { findMatches } from './find-matches.ts';
import type { Scope, Terms } from './matches-sql.ts';
import { checkFilter, prepareQuery } from './prepare-query.ts';
import type { Found, Hit, Kind, Question } from './types.ts';
import { KINDS } from './types.ts';

type FindingDeps = Pick<Deps, 'db' | 'results'>;

/** What was found, and what facets are counted by. */
export interface Answer {
  readonly query: string;
  /** Null for a query of no letters, which finds nothing. */
  readonly terms: Terms | null;
  readonly scope: Scope;
  /** The first of each kind. */
  readonly found: Record<Kind, Found>;
}

/** What the words of a query find, best first or in the order that is asked for, for each kind of thing. */
export async function searchLibrary(
  deps: FindingDeps,
  viewerId: string | null,
  question: Question,
  first: number,
): Promise<Answer> {
  checkFilter(question.filter);
  const terms = prepareQuery(question.query);
  const scope = { viewerId, filter: question.filter, kinds: question.kinds };
  const answer = { query: question.query, terms, scope };
  if (!terms) return { ...answer, found: eachKind(() => ({ total: 0, hits: [] })) };
  const { value, isOld } = await deps.results.answer(
    ['hits', await ownerOfAnswers(deps, viewerId), terms, question.filter, question.kinds, question.sort],
    async () => {
      const found = await findMatches(deps, terms, scope, question.sort);
      return eachKind((kind) => ({ ...found[kind], hits: found[kind].hits.slice(0, MAX_FIRST) }));
    },
  );
  const page = eachKind((kind) => ({ ...value[kind], hits: value[kind].hits.slice(0, first) }));
  return { ...answer, found: isOld ? await leaveOutHidden(deps, viewerId, page) : page };
}

/** The most that one answer gives of a kind. */
export const MAX_FIRST = 100;

function eachKind<Value>(of: (kind: Kind) => Value): Record<Kind, Value> {
  return Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as Record<Kind, Value>;
}

/** Whoever has nothing that others do not see is given the same answers as a stranger. */
export async function ownerOfAnswers({ db }: FindingDeps, viewerId: string | null): Promise<string | null> {
  if (viewerId === null) return null;
  const closed = await db.searchEntry.findFirst({
    where: { ownerId: viewerId, isPublic: false },
    select: { id: true },
  });
  return closed ? viewerId : null;
}

/** What was hidden a moment ago goes at once, whatever has become of the event that tells the cache. */
async function leaveOutHidden(
  { db }: FindingDeps,
  viewerId: string | null,
  found: Record<Kind, Found>,
): Promise<Record<Kind, Found>> {
  const ids = KINDS.flatMap((kind) => found[kind].hits.map(({ id }) => id));
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM search_entry e WHERE e.id = ANY (${ids}) AND ${isVisible(viewerId)}`;
  const visible = new Set(rows.map(({ id }) => id));
  return eachKind((kind) => {
    const hits: Hit[] = found[kind].hits.filter(({ id }) => visible.has(id));
    return { hits, total: found[kind].total - (found[kind].hits.length - hits.length) };
  });
}
