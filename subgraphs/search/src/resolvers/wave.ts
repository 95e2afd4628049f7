import { toItem } from '../domain/follow-wave.ts';
import type { ResolversTypes, WaveItemResolvers, WaveResolvers } from '../generated/graphql.ts';
import { explain } from '../wave/explain.ts';
import type { Decision } from '../wave/state.ts';

export const Wave: WaveResolvers = {
  async items({ id }, _args, { db }) {
    const where = { waveId: id, state: 'QUEUED' };
    return (await db.waveItem.findMany({ where, orderBy: { seq: 'asc' } })).map(toItem);
  },
};

export const WaveItem: WaveItemResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
  reason: ({ reason, trackId }) => toReason(reason, explain(reason, trackId)),
};

type Reason = ResolversTypes['WaveReason'];
type Of<Kind extends Decision['kind']> = Extract<Decision, { kind: Kind }>;

const REASONS: { readonly [Kind in Decision['kind']]: (decision: Of<Kind>, text: string) => Reason } = {
  LIKED: ({ anchorId, similarity }, text) => ({
    __typename: 'BecauseLiked',
    text,
    anchor: { id: anchorId },
    similarity,
  }),
  SEED: ({ seed, similarity }, text) => ({ __typename: 'BecauseSeed', text, seed, similarity }),
  POPULAR: ({ plays }, text) => ({ __typename: 'BecausePopular', text, plays }),
  FRESH: ({ uploadedAt }, text) => ({ __typename: 'BecauseFresh', text, uploadedAt }),
  EXPLORING: ({ testing }, text) => ({ __typename: 'Exploring', text, testing }),
};

function toReason<Kind extends Decision['kind']>(decision: Of<Kind> & { kind: Kind }, text: string): Reason {
  return REASONS[decision.kind](decision, text);
}
