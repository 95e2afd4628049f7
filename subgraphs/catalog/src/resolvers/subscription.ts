import { watchProcessing } from '../domain/watch-processing.ts';
import type { SubscriptionResolvers } from '../generated/graphql.ts';
import type { TrackProcessing, Upload } from '../models.ts';
import { watchUpload } from '../uploads/watch-upload.ts';
import { importSubscriptions } from './import.ts';

/** Each event is the row that the stream has read. */
const asRead = (track: TrackProcessing) => track;

export const Subscription: SubscriptionResolvers = {
  ...importSubscriptions,
  trackProcessing: {
    subscribe: (_root, { trackId, sinceSeq }, context) => watchProcessing(context, trackId, sinceSeq ?? 0),
    resolve: asRead,
  },
  uploadProgress: {
    subscribe: (_root, { uploadId }, context) => watchUpload(context, uploadId),
    resolve: (upload: Upload) => upload,
  },
};
