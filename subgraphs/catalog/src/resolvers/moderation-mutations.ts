import { payload } from '@volna/platform/errors';

import type { MutationResolvers } from '../generated/graphql.ts';
import { appealModeration, decideAppeal } from '../moderation/appeals.ts';
import { moderate } from '../moderation/moderate.ts';
import { reportContent } from '../moderation/report-content.ts';

const noCase = { case: null };

export const moderationMutations: Pick<
  MutationResolvers,
  'reportContent' | 'moderate' | 'appealModeration' | 'decideAppeal'
> = {
  async reportContent(_root, { input }, context) {
    const viewer = context.requireViewer();
    const { done, errors } = await payload<{ done: true }>({ done: null }, async () => {
      await reportContent(context, viewer, input);
      return { done: true };
    });
    return { ok: done === true, errors };
  },
  moderate: (_root, { input }, context) => {
    context.requireAdmin();
    const admin = context.requireViewer();
    return payload(noCase, async () => ({ case: await moderate(context, admin, input) }));
  },
  appealModeration: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload(noCase, async () => ({ case: await appealModeration(context, viewer, input) }));
  },
  decideAppeal: (_root, { input }, context) => {
    context.requireAdmin();
    const admin = context.requireViewer();
    return payload(noCase, async () => ({ case: await decideAppeal(context, admin, input) }));
  },
};
