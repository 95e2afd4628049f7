import type { AudioMatchResolvers } from '../generated/graphql.ts';

export const AudioMatch: AudioMatchResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
};
