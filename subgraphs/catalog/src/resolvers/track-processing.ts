import type { TrackProcessingResolvers } from '../generated/graphql.ts';

export const TrackProcessing: TrackProcessingResolvers = {
  error: ({ errorCode, errorMessage }) =>
    errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  track: (track) => track,
};
