import { findUpload } from '../domain/find-upload.ts';
import { missingParts } from '../domain/missing-parts.ts';
import type { UploadResolvers } from '../generated/graphql.ts';

export const Upload: UploadResolvers = {
  __resolveReference: (reference, context) =>
    findUpload(context, 'id' in reference ? reference.id : reference.nodeKey),
  nodeKey: ({ id }) => id,
  sizeBytes: ({ sizeBytes }) => Number(sizeBytes),
  receivedBytes: ({ sourceUrl, receivedBytes }) => (sourceUrl === null ? null : Number(receivedBytes)),
  error: ({ refusalCode, refusalMessage }) =>
    refusalCode === null ? null : { code: refusalCode, message: refusalMessage ?? '' },
  parts: (upload, _args, { objects }) => missingParts(objects, upload),
  track: ({ trackId }, _args, { findTrack }) => (trackId ? findTrack(trackId) : null),
};
