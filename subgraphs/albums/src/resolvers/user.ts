import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { listLibrary } from '../domain/list-library.ts';
import type { UserResolvers } from '../generated/graphql.ts';
import { listFolders, listFollowed, listShared } from '../playlists/list-kept.ts';

const isViewer = (id: string, { viewer }: Context) => viewer?.userId === id;

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  library: ({ id }, args, context) => (isViewer(id, context) ? listLibrary(context, id, args) : null),
  playlists: ({ id }, args, { playlistsPage }) =>
    playlistsPage.load({ parent: id, page: readPage(args, z.string()) }),
  sharedPlaylists: ({ id }, args, context) => (isViewer(id, context) ? listShared(context, args) : null),
  followedPlaylists: ({ id }, args, context) => (isViewer(id, context) ? listFollowed(context, args) : null),
  playlistFolders: ({ id }, _args, context) => (isViewer(id, context) ? listFolders(context) : null),
};
