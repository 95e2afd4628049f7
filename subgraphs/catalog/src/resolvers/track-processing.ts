import { describeStage } from '../domain/describe-stage.ts';
import type { TrackProcessingResolvers } from '../generated/graphql.ts';

export const TrackProcessing: TrackProcessingResolvers = {
  error: ({ errorCode, errorMessage }) =>
    errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  message: (track) => describeStage(track),
  track: (track) => track,
};
