import type { StreamGrantResolvers } from '../generated/graphql.ts';
import { albumGain } from '../loudness/gains.ts';

export const StreamGrant: StreamGrantResolvers = {
  albumGain: ({ trackId }, { albumId }, context) => albumGain(context, trackId, albumId),
};
