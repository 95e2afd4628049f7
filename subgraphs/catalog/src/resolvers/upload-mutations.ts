import { payload } from '@volna/platform/errors';

import { completeCoverUpload } from '../covers/complete-cover-upload.ts';
import { createCoverUpload } from '../covers/create-cover-upload.ts';
import { removeCover } from '../covers/remove-cover.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import type { Upload } from '../models.ts';
import { cancelUpload } from '../uploads/cancel-upload.ts';
import { createUploadFromUrl } from '../uploads/create-upload-from-url.ts';

const answer = (run: () => Promise<Upload>) =>
  payload({ upload: null }, async () => ({ upload: await run() }));

export const uploadMutations: MutationResolvers = {
  createUploadFromUrl: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return answer(() => createUploadFromUrl(context, viewer, input));
  },
  cancelUpload: (_root, { input: { uploadId } }, context) => {
    const viewer = context.requireViewer();
    return answer(() => cancelUpload(context, viewer, uploadId));
  },
  createCoverUpload: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return answer(() => createCoverUpload(context, viewer, input));
  },
  completeCoverUpload: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return answer(() => completeCoverUpload(context, viewer, input));
  },
  removeCover: (_root, { input: { targetId } }, context) => {
    const viewer = context.requireViewer();
    return payload({ removedId: null }, async () => ({
      removedId: await removeCover(context, viewer, targetId),
    }));
  },
};
