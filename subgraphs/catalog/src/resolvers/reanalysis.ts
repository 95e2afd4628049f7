import { payload } from '@volna/platform/errors';

import type { MutationResolvers, QueryResolvers } from '../generated/graphql.ts';
import { beginReanalysis } from '../reanalysis/begin-reanalysis.ts';
import { readReanalysis, toState } from '../reanalysis/read-reanalysis.ts';

/** For an ADMIN, both. */
export const reanalysisQueries = {
  reanalysis(_root, _args, context) {
    context.requireAdmin();
    return readReanalysis(context.db);
  },
} satisfies QueryResolvers;

export const reanalysisMutations = {
  reanalyze(_root, { input }, context) {
    context.requireAdmin();
    return payload({ reanalysis: null }, async () => ({
      reanalysis: await toState(context.db, await beginReanalysis(context, input?.exceptModel ?? null)),
    }));
  },
} satisfies MutationResolvers;
