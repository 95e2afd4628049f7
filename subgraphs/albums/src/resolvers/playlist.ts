import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import { readImages } from '../covers/stored-images.ts';
import { signCover } from '../domain/sign-cover.ts';
import type {
  MemberRole,
  PlaylistInviteResolvers,
  PlaylistItemResolvers,
  PlaylistResolvers,
  PlaylistVisibility,
} from '../generated/graphql.ts';
import { SmartRules } from '../smart/rule.ts';

const ByPosition = z.tuple([z.string(), z.string()]);
const BySmart = z.tuple([z.string(), z.string(), z.number().int().min(0)]);
const ByTime = z.tuple([z.iso.datetime(), z.string()]);

export const Playlist: PlaylistResolvers = {
  __resolveReference: (reference, { playlistById }) =>
    playlistById.load('id' in reference ? reference.id : reference.nodeKey),
  visibility: ({ visibility }) => visibility as PlaylistVisibility,
  owner: ({ ownerId }) => ({ id: ownerId }),
  smart: ({ smart }) => (smart === null ? null : SmartRules.parse(smart)),
  cover: async (playlist, { size }, context) => {
    const own = readImages(playlist.cover);
    return signCover(context, own.length > 0 ? own : await context.playlistCover.load(playlist), size);
  },
  trackCount: (playlist, _args, { playlistCount }) => playlistCount.load(playlist),
  items: (playlist, args, { playlistItemsPage, smartItemsPage }) =>
    playlist.smart === null
      ? playlistItemsPage.load({ parent: playlist.id, page: readPage(args, ByPosition) })
      : smartItemsPage.load({ parent: playlist, page: readPage(args, BySmart) }),
  members: async ({ id, viewerRole }, args, { membersPage }) => {
    if (!viewerRole) return null;
    const { edges, pageInfo } = await membersPage.load({ parent: id, page: readPage(args, ByTime) });
    return {
      pageInfo,
      edges: edges.map(({ cursor, node }) => ({ cursor, node: { ...node, user: { id: node.userId } } })),
    };
  },
  invites: ({ id, viewerRole }, _args, { invitesOf }) => (viewerRole === 'OWNER' ? invitesOf.load(id) : null),
  followerCount: async ({ id }, _args, { followersOf }) => (await followersOf.load(id)).count,
  viewerIsFollowing: async ({ id }, _args, { followersOf }) => (await followersOf.load(id)).withViewer,
  folder: async ({ id }, _args, { folderOfPlaylist, folderById }) => {
    const folderId = await folderOfPlaylist.load(id);
    return folderId === null ? null : folderById.load(folderId);
  },
  nodeKey: ({ id }) => id,
};

export const PlaylistItem: PlaylistItemResolvers = {
  track: ({ trackId }, _args, { seenTrack }) => seenTrack.load(trackId),
  addedBy: ({ addedBy }) => (addedBy === null ? null : { id: addedBy }),
};

export const PlaylistInvite: PlaylistInviteResolvers = {
  role: ({ role }) => role as MemberRole,
};
