import { randomUUID } from 'node:crypto';

import { type DataOf, searchesMade, UserId } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { type Gathering, startGathering } from '@volna/platform/gather';

import type { QueryResolvers } from './generated/graphql.ts';

type Search = DataOf<typeof searchesMade>['searches'][number];

/** What analytics is told of searches, some at a time; nobody who searches waits for it. */
export type SearchLog = Gathering<Search>;

export function startSearchLog(bus: Bus): SearchLog {
  return startGathering((searches) => bus.publish(searchesMade, { searches }));
}

/** The same answers to searches, each with a line in the log. */
export function logSearches(log: SearchLog, queries: QueryResolvers): QueryResolvers {
  const { search } = queries;
  if (typeof search !== 'function') throw new Error('nothing answers searches');
  const logged: typeof search = async (root, args, context, info) => {
    const begin = performance.now();
    const answer = await search(root, args, context, info);
    const totals = Object.values(answer.found).map(({ total }) => total);
    log.note({
      id: randomUUID(),
      userId: context.viewer ? UserId.parse(context.viewer.userId) : null,
      query: args.query,
      results: totals.reduce((sum, total) => sum + total, 0),
      ms: performance.now() - begin,
      at: new Date().toISOString(),
    });
    return answer;
  };
  return { ...queries, search: logged };
}
