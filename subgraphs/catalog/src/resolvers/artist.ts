import { TrackId } from '@volna/events';
import { readPage, toConnection } from '@volna/platform/pagination';

import type { ArtistResolvers } from '../generated/graphql.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: (reference, { findArtist }) =>
    findArtist('id' in reference ? reference.id : reference.nodeKey),
  nodeKey: ({ id }) => id,
  owner: ({ ownerId }) => ({ id: ownerId }),
  isVerified: ({ verifiedAt }) => verifiedAt !== null,
  async tracks({ id: artistId }, { roles, ...args }, { tracksByArtist }) {
    const page = readPage<string>(args, TrackId);
    const tracks = await tracksByArtist.load({ artistId, roles: roles ?? undefined, page });
    return toConnection(tracks, page, ({ id }) => id);
  },
};
