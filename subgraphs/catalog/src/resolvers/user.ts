import { ModerationCaseId } from '@volna/events';
import { readPage, toConnection } from '@volna/platform/pagination';

import { mayManage, maySeeArtist } from '../domain/visibility.ts';
import type { UserResolvers } from '../generated/graphql.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  artists: async ({ id }, _args, { artistsByOwner, viewer }) =>
    (await artistsByOwner.load(id)).filter((artist) => maySeeArtist(viewer, artist)),
  async moderationCases({ id: ownerId }, args, { casesByOwner, viewer }) {
    if (!mayManage(viewer, { ownerId })) return null;
    const page = readPage<string>(args, ModerationCaseId);
    return toConnection(await casesByOwner.load({ ownerId, page }), page, (row) => row.id);
  },
  async storage({ id }, _args, { viewer, policy, storageByUser }) {
    if (!mayManage(viewer, { ownerId: id })) return null;
    const { openUploads, ...use } = await storageByUser.load(id);
    return { ...use, openUploads, limitBytes: policy.quotaBytes, openUploadsLimit: policy.maxOpenUploads };
  },
  artistClaims: ({ id }, _args, { claimsByUser, viewer }) =>
    mayManage(viewer, { ownerId: id }) ? claimsByUser.load(id) : null,
};
