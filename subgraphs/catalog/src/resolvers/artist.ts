import { TrackId } from '@volna/events';
import { readPage, toConnection } from '@volna/platform/pagination';

import type { ArtistResolvers } from '../generated/graphql.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: (reference, { artistById }) =>
    artistById.load('id' in reference ? reference.id : reference.nodeKey),
  nodeKey: ({ id }) => id,
  owner: ({ ownerId }) => ({ id: ownerId }),
  async tracks({ id }, args, { tracksByArtist }) {
    const page = readPage<string>(args, TrackId);
    return toConnection(await tracksByArtist.load({ artistId: id, page }), page, (track) => track.id);
  },
};
