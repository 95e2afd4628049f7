import { payload } from '@volna/platform/errors';

import { reportPlayback } from '../domain/report-playback.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { playerMutations } from './player-mutations.ts';

export const Mutation: MutationResolvers = {
  ...playerMutations,
  async reportPlayback(_root, { input }, context) {
    const { ok, errors } = await payload<{ ok: true }>({ ok: null }, () => reportPlayback(context, input));
    return { ok: ok === true, errors };
  },
};
