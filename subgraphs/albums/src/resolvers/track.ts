import type { TrackResolvers } from '../generated/graphql.ts';

export const Track: TrackResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  album: async ({ id }, _args, { trackFacts }) => (await trackFacts.load(id)).album,
  viewerReaction: async ({ id }, _args, { trackFacts }) => (await trackFacts.load(id)).reaction,
  uses: ({ id }, _args, { trackUses }) => trackUses.load(id),
};
