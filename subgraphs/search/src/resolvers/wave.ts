import { toItem } from '../domain/follow-wave.ts';
import type { ResolversTypes, WaveItemResolvers, WaveResolvers } from '../generated/graphql.ts';
import { explain } from '../wave/explain.ts';
import type { Decision } from '../wave/state.ts';

type Reason = DistributiveOmit<ResolversTypes['WaveReason'], 'text'>;
type DistributiveOmit<T, Key extends string> = T extends unknown ? Omit<T, Key> : never;

export const Wave: WaveResolvers = {
  async items({ id }, _args, { db }) {
    const where = { waveId: id, state: 'QUEUED' };
    return (await db.waveItem.findMany({ where, orderBy: { seq: 'asc' } })).map(toItem);
  },
};

export const WaveItem: WaveItemResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
  reason: ({ reason, trackId }) => ({ ...toReason(reason), text: explain(reason, trackId) }),
};

/** The fields of the reason's type beside its text. */
const REASONS: {
  readonly [Kind in Decision['kind']]: (decision: Extract<Decision, { kind: Kind }>) => Reason;
} = {
  LIKED: ({ anchorId, similarity }) => ({ __typename: 'BecauseLiked', anchor: { id: anchorId }, similarity }),
  SEED: ({ seed, similarity }) => ({ __typename: 'BecauseSeed', seed, similarity }),
  POPULAR: ({ plays }) => ({ __typename: 'BecausePopular', plays }),
  FRESH: ({ uploadedAt }) => ({ __typename: 'BecauseFresh', uploadedAt }),
  EXPLORING: ({ testing }) => ({ __typename: 'Exploring', testing }),
};

function toReason<Kind extends Decision['kind']>(decision: Extract<Decision, { kind: Kind }>): Reason {
  return REASONS[decision.kind as Kind](decision);
}
