import { listLibrary } from '../domain/list-library.ts';
import { listPlaylists } from '../domain/list-playlists.ts';
import type { UserResolvers } from '../generated/graphql.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  library: ({ id }, args, context) => (context.viewer?.userId === id ? listLibrary(context, id, args) : null),
  playlists: ({ id }, args, context) => listPlaylists(context, id, args),
};
