import { payload } from '@volna/platform/errors';

import { reportSearchClick } from '../facts/report-search-click.ts';
import type { MutationResolvers } from '../generated/graphql.ts';

export const Mutation: MutationResolvers = {
  async reportSearchClick(_root, { input }, context) {
    const { ok, errors } = await payload<{ ok: true }>({ ok: null }, () => reportSearchClick(context, input));
    return { ok: ok === true, errors };
  },
};
