import { TrackId } from '@volna/events';
import { readPage, toConnection } from '@volna/platform/pagination';

import { signCover } from '../domain/sign-cover.ts';
import { mayManage } from '../domain/visibility.ts';
import type { ArtistResolvers } from '../generated/graphql.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: (reference, { findArtist }) =>
    findArtist('id' in reference ? reference.id : reference.nodeKey),
  nodeKey: ({ id }) => id,
  picture: ({ picture }, { size }, { objects }) => signCover(objects, picture, size ?? 'MEDIUM'),
  owner: ({ ownerId }) => ({ id: ownerId }),
  isVerified: ({ verifiedAt }) => verifiedAt !== null,
  moderation: (artist, _args, { viewer }) => (mayManage(viewer, artist) ? artist.moderation : null),
  moderationCase: (artist, _args, { viewer, caseByTarget }) =>
    mayManage(viewer, artist) ? caseByTarget.load(artist.id) : null,
  async tracks({ id: artistId }, { roles, ...args }, { tracksByArtist }) {
    const page = readPage<string>(args, TrackId);
    const tracks = await tracksByArtist.load({ artistId, roles: roles ?? undefined, page });
    return toConnection(tracks, page, ({ id }) => id);
  },
};
