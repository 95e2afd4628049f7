import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import type { PlaylistItemResolvers, PlaylistResolvers, PlaylistVisibility } from '../generated/graphql.ts';

export const Playlist: PlaylistResolvers = {
  __resolveReference: (reference, { playlistById }) =>
    playlistById.load('id' in reference ? reference.id : reference.nodeKey),
  visibility: ({ visibility }) => visibility as PlaylistVisibility,
  owner: ({ ownerId }) => ({ id: ownerId }),
  trackCount: ({ id }, _args, { playlistCount }) => playlistCount.load(id),
  items: ({ id }, args, { playlistItemsPage }) =>
    playlistItemsPage.load({ parentId: id, page: readPage(args, z.string()) }),
  nodeKey: ({ id }) => id,
};

export const PlaylistItem: PlaylistItemResolvers = {
  track: ({ trackId }, _args, { seenTrack }) => seenTrack.load(trackId),
};
