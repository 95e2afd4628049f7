import { mayManage, maySeeArtist } from '../domain/visibility.ts';
import type { UserResolvers } from '../generated/graphql.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  artists: async ({ id }, _args, { artistsByOwner, viewer }) =>
    (await artistsByOwner.load(id)).filter((artist) => maySeeArtist(viewer, artist)),
  artistClaims: ({ id }, _args, { claimsByUser, viewer }) =>
    mayManage(viewer, { ownerId: id }) ? claimsByUser.load(id) : null,
};
