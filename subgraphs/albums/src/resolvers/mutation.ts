import { payload } from '@volna/platform/errors';

import { addToPlaylist } from '../domain/add-to-playlist.ts';
import { addTracksToAlbum } from '../domain/add-tracks-to-album.ts';
import { createAlbum } from '../domain/create-album.ts';
import { createPlaylist } from '../domain/create-playlist.ts';
import { setReaction } from '../domain/set-reaction.ts';
import type { MutationResolvers } from '../generated/graphql.ts';

export const Mutation: MutationResolvers = {
  createAlbum: (_root, { input }, context) => payload({ album: null }, () => createAlbum(context, input)),
  addTracksToAlbum: (_root, { input }, context) =>
    payload({ album: null }, () => addTracksToAlbum(context, input)),
  createPlaylist: (_root, { input }, context) =>
    payload({ playlist: null }, () => createPlaylist(context, input)),
  addToPlaylist: (_root, { input }, context) =>
    payload({ playlist: null }, () => addToPlaylist(context, input)),
  setReaction: (_root, { input }, context) => payload({ track: null }, () => setReaction(context, input)),
};
