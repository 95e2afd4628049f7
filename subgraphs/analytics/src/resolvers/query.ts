import { listChecks } from '../checks/run-checks.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import {
  countActiveUsers,
  listTopSearches,
  readPlatformSeries,
  sumPlatform,
} from '../stats/platform-stats.ts';
import { readRange } from '../stats/range.ts';
import { readFirst } from '../stats/read-first.ts';

export const Query: QueryResolvers = {
  async platformStats(_root, args, context) {
    context.requireAdmin();
    const range = readRange(args.range, args.by);
    const series = await readPlatformSeries(context.pool, range);
    return { ...sumPlatform(series), series, activeUsers: await countActiveUsers(context.pool, range) };
  },
  async topSearches(_root, args, context) {
    context.requireAdmin();
    return listTopSearches(context.pool, readRange(args.range, 'DAY'), readFirst(args.first, 20));
  },
  async platformChecks(_root, _args, context) {
    context.requireAdmin();
    return listChecks(context.pool);
  },
};
