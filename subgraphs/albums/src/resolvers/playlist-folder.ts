import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import type { PlaylistFolderResolvers } from '../generated/graphql.ts';

export const PlaylistFolder: PlaylistFolderResolvers = {
  parent: ({ parentId }, _args, { folderById }) => (parentId === null ? null : folderById.load(parentId)),
  folders: ({ id }, _args, { foldersIn }) => foldersIn.load(id),
  playlists: ({ id }, args, { folderPlaylistsPage }) =>
    folderPlaylistsPage.load({ parent: id, page: readPage(args, z.string()) }),
};
