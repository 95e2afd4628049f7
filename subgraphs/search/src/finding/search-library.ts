import type { Deps } from '../context.ts';
import { isVisible } from './filter-sql.ts';
import { findMatches } from './find-matches.ts';
import type { Scope, Terms } from './matches-sql.ts';
import { checkFilter, prepareQuery } from './prepare-query.ts';
import type { Found, Kind, Question, Sort } from './types.ts';
import { KINDS } from './types.ts';

export type FindingDeps = Pick<Deps, 'db' | 'results' | 'meaning'>;

/** What was found, and what its pages are cut from and facets are counted by. */
export interface Answer {
  readonly query: string;
  /** Null for a query of no letters, which finds nothing. */
  readonly terms: Terms | null;
  readonly scope: Scope;
  readonly sort: Sort;
  /** How many of a kind are asked for. */
  readonly first: number;
  /** The first hundred of each kind. */
  readonly found: Record<Kind, Found>;
}

/** What the words of a query find, best first or in the order that is asked for, for each kind of thing. */
export async function searchLibrary(
  deps: FindingDeps,
  viewerId: string | null,
  { query, filter, kinds, sort }: Question,
  first: number,
): Promise<Answer> {
  checkFilter(filter);
  const words = prepareQuery(query);
  const scope = { viewerId, filter, kinds };
  const answer = { query, scope, sort, first };
  if (!words) return { ...answer, terms: null, found: eachKind(() => ({ total: 0, hits: [] })) };
  const terms = { ...words, near: await deps.meaning.find(query, { viewerId, kinds }) };
  const owner = await ownerOfAnswers(deps, viewerId);
  const { value, isOld } = await deps.results.answer(['hits', owner, terms, filter, kinds, sort], () =>
    findMatches(deps, terms, scope, sort),
  );
  return { ...answer, terms, found: isOld ? await leaveOutHidden(deps, viewerId, value) : value };
}

function eachKind<Value>(of: (kind: Kind) => Value): Record<Kind, Value> {
  return Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as Record<Kind, Value>;
}

/** Whoever has nothing that others do not see is given the same answers as a stranger. */
export async function ownerOfAnswers(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
): Promise<string | null> {
  if (viewerId === null) return null;
  const closed = await db.searchEntry.findFirst({
    where: { ownerId: viewerId, isPublic: false },
    select: { id: true },
  });
  return closed ? viewerId : null;
}

/** What was hidden a moment ago goes at once, whatever has become of the event that tells the cache. */
async function leaveOutHidden(
  deps: Pick<Deps, 'db'>,
  viewerId: string | null,
  found: Record<Kind, Found>,
): Promise<Record<Kind, Found>> {
  const ids = KINDS.flatMap((kind) => found[kind].hits.map(({ id }) => id));
  const visible = await onlyVisible(deps, viewerId, ids);
  return eachKind((kind) => {
    const hits = found[kind].hits.filter(({ id }) => visible.has(id));
    return { hits, total: found[kind].total - (found[kind].hits.length - hits.length) };
  });
}

/** Those of some things that the viewer may see now. */
export async function onlyVisible(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM search_entry e WHERE e.id = ANY (${[...ids]}) AND ${isVisible(viewerId)}`;
  return new Set(rows.map(({ id }) => id));
}
