import { payload } from '@volna/platform/errors';

import { appealAuthenticity } from '../authenticity/appeal-authenticity.ts';
import { decideAuthenticity } from '../authenticity/decide-authenticity.ts';
import type { MutationResolvers } from '../generated/graphql.ts';

const noTrack = { track: null };

export const authenticityMutations: Pick<MutationResolvers, 'appealAuthenticity' | 'decideAuthenticity'> = {
  appealAuthenticity: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload(noTrack, async () => ({ track: await appealAuthenticity(context, viewer, input) }));
  },
  decideAuthenticity: (_root, { input }, context) => {
    context.requireAdmin();
    const admin = context.requireViewer();
    return payload(noTrack, async () => ({ track: await decideAuthenticity(context, admin, input) }));
  },
};
