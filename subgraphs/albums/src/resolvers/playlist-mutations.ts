import { payload } from '@volna/platform/errors';

import { exportPlaylist } from '../files/export-playlist.ts';
import { importPlaylist } from '../files/import-playlist.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { addToPlaylist } from '../playlists/add-to-playlist.ts';
import { createPlaylist } from '../playlists/create-playlist.ts';
import { deletePlaylist } from '../playlists/delete-playlist.ts';
import {
  createPlaylistFolder,
  deletePlaylistFolder,
  filePlaylist,
  updatePlaylistFolder,
} from '../playlists/folders.ts';
import { followPlaylist, unfollowPlaylist } from '../playlists/follow-playlist.ts';
import { createPlaylistInvite, joinPlaylist, revokePlaylistInvites } from '../playlists/invites.ts';
import { leavePlaylist, removePlaylistMember, setPlaylistMember } from '../playlists/members.ts';
import { movePlaylistItem } from '../playlists/move-playlist-item.ts';
import { removeFromPlaylist } from '../playlists/remove-from-playlist.ts';
import { updatePlaylist } from '../playlists/update-playlist.ts';

const noPlaylist = { playlist: null };
const noFolder = { folder: null };
const noDeletedPlaylist = {
  playlistId: null,
  removedItemCount: null,
  removedMemberCount: null,
  removedFollowerCount: null,
  dryRun: null,
};
const noDeletedFolder = { folderId: null, removedFolderCount: null, unfiledPlaylistCount: null };
const noImport = { playlist: null, matchedCount: null, unmatched: null };

export const playlistMutations: Omit<
  MutationResolvers,
  | 'createAlbum'
  | 'updateAlbum'
  | 'deleteAlbum'
  | 'addTracksToAlbum'
  | 'removeTracksFromAlbum'
  | 'reorderAlbumTracks'
  | 'setReaction'
> = {
  createPlaylist: (_root, { input }, context) => payload(noPlaylist, () => createPlaylist(context, input)),
  updatePlaylist: (_root, { input }, context) => payload(noPlaylist, () => updatePlaylist(context, input)),
  deletePlaylist: (_root, { input }, context) =>
    payload(noDeletedPlaylist, () => deletePlaylist(context, input)),
  addToPlaylist: (_root, { input }, context) => payload(noPlaylist, () => addToPlaylist(context, input)),
  removeFromPlaylist: (_root, { input }, context) =>
    payload(noPlaylist, () => removeFromPlaylist(context, input)),
  movePlaylistItem: (_root, { input }, context) =>
    payload(noPlaylist, () => movePlaylistItem(context, input)),

  setPlaylistMember: (_root, { input }, context) =>
    payload(noPlaylist, () => setPlaylistMember(context, input)),
  removePlaylistMember: (_root, { input }, context) =>
    payload(noPlaylist, () => removePlaylistMember(context, input)),
  leavePlaylist: (_root, { input }, context) =>
    payload({ playlistId: null }, () => leavePlaylist(context, input)),
  createPlaylistInvite: (_root, { input }, context) =>
    payload({ token: null, invite: null }, () => createPlaylistInvite(context, input)),
  revokePlaylistInvites: (_root, { input }, context) =>
    payload(noPlaylist, () => revokePlaylistInvites(context, input)),
  joinPlaylist: (_root, { input }, context) => payload(noPlaylist, () => joinPlaylist(context, input)),

  followPlaylist: (_root, { input }, context) => payload(noPlaylist, () => followPlaylist(context, input)),
  unfollowPlaylist: (_root, { input }, context) =>
    payload(noPlaylist, () => unfollowPlaylist(context, input)),

  createPlaylistFolder: (_root, { input }, context) =>
    payload(noFolder, () => createPlaylistFolder(context, input)),
  updatePlaylistFolder: (_root, { input }, context) =>
    payload(noFolder, () => updatePlaylistFolder(context, input)),
  deletePlaylistFolder: (_root, { input }, context) =>
    payload(noDeletedFolder, () => deletePlaylistFolder(context, input)),
  filePlaylist: (_root, { input }, context) => payload(noPlaylist, () => filePlaylist(context, input)),

  exportPlaylist: (_root, { input }, context) =>
    payload({ file: null }, () => exportPlaylist(context, input)),
  importPlaylist: (_root, { input }, context) => payload(noImport, () => importPlaylist(context, input)),
};
