import { encodeCursor, readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import { DEEP, findMatches } from './find-matches.ts';
import { type Answer, type FindingDeps, onlyVisible, ownerOfAnswers } from './search-library.ts';
import type { Hit, Kind } from './types.ts';

interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

interface PlacedHit extends Hit {
  readonly cursor: string;
}

interface HitPage {
  readonly total: number;
  readonly hits: readonly PlacedHit[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A place in the order, and the hit that was there: it is where the next page begins wherever it stands by then. */
const Cursor = z.tuple([z.int().nonnegative().max(DEEP), z.string().max(100)]);

/** A page of what an answer has of a kind. */
export async function pageHits(
  deps: FindingDeps,
  answer: Answer,
  kind: Kind,
  { first, after }: PageArguments,
): Promise<HitPage> {
  const page = readPage({ first: first ?? answer.first, after }, Cursor);
  const { total, hits } = answer.found[kind];
  if (!page.after && (total <= hits.length || page.first <= hits.length))
    return cut(total, hits, 0, page.first, total > hits.length);
  const all = await readDeep(deps, answer, kind);
  const place = page.after ? all.findIndex(({ id }) => id === page.after?.[1]) : -1;
  // what stood there may be gone: the page begins where it was
  const from = place >= 0 ? place + 1 : (page.after?.[0] ?? 0);
  return cut(total, all, from, page.first, false);
}

function cut(total: number, hits: readonly Hit[], from: number, first: number, hasMore: boolean): HitPage {
  const placed = hits
    .slice(from, from + first)
    .map((hit, at) => ({ ...hit, cursor: encodeCursor([from + at, hit.id]) }));
  const end = from + placed.length;
  return {
    total,
    hits: placed,
    pageInfo: {
      hasNextPage: end < hits.length || hasMore,
      hasPreviousPage: from > 0,
      startCursor: placed[0]?.cursor ?? null,
      endCursor: placed.at(-1)?.cursor ?? null,
    },
  };
}

async function readDeep(
  deps: FindingDeps,
  { terms, scope, sort }: Answer,
  kind: Kind,
): Promise<readonly Hit[]> {
  if (!terms) return [];
  const { viewerId, filter, kinds } = scope;
  const owner = await ownerOfAnswers(deps, viewerId);
  const { value, isOld } = await deps.results.answer(
    ['deep', kind, owner, terms, filter, kinds, sort],
    async () => (await findMatches(deps, terms, scope, sort, DEEP))[kind].hits,
  );
  if (!isOld) return value;
  const visible = await onlyVisible(
    deps,
    viewerId,
    value.map(({ id }) => id),
  );
  return value.filter(({ id }) => visible.has(id));
}
