import { searchLibrary } from '../finding/search-library.ts';
import { suggest } from '../finding/suggest.ts';
import { KINDS } from '../finding/types.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { readFirst } from '../read-first.ts';
import { readReindexing } from '../reindexing/read-reindexing.ts';
import { shelfQueries } from './shelves.ts';
import { sonicQuery } from './sonic.ts';
import { waveQueries } from './wave-queries.ts';

export const Query: QueryResolvers = {
  ...waveQueries,
  ...sonicQuery,
  ...shelfQueries,
  search(_root, { query, filter, first, sort, types }, context) {
    const question = { query, filter: filter ?? {}, sort: sort ?? 'RELEVANCE', kinds: types ?? KINDS };
    return searchLibrary(context, context.viewer?.userId ?? null, question, readFirst(first, 20));
  },
  suggest: (_root, { prefix, first }, context) =>
    suggest(context, context.viewer?.userId ?? null, prefix, readFirst(first, 8)),
  reindexing(_root, _args, context) {
    context.requireAdmin();
    return readReindexing(context.db);
  },
};
