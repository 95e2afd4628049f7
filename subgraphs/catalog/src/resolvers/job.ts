import type { JobResolvers } from '../generated/graphql.ts';

export const Job: JobResolvers = {
  error: ({ errorCode, errorMessage }) =>
    errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  track: ({ trackId }, _args, { findTrack }) => (trackId ? findTrack(trackId) : null),
};
