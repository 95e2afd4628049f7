import type { TrackResolvers } from '../generated/graphql.ts';

export const Track: TrackResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  album: ({ id }, _args, { albumOfTrack }) => albumOfTrack.load(id),
  viewerReaction: ({ id }, _args, { reactionTo }) => reactionTo.load(id),
};
