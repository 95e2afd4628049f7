import { listRecentlyAdded } from '../domain/list-library.ts';
import type { QueryResolvers } from '../generated/graphql.ts';

export const Query: QueryResolvers = {
  album: (_root, { id }, { albumById }) => albumById.load(id),
  playlist: (_root, { id }, { playlistById }) => playlistById.load(id),
  recentlyAdded: (_root, args, context) => listRecentlyAdded(context, args),
};
