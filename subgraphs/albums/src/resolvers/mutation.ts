import { payload } from '@volna/platform/errors';

import { addTracksToAlbum } from '../domain/add-tracks-to-album.ts';
import { createAlbum } from '../domain/create-album.ts';
import { deleteAlbum } from '../domain/delete-album.ts';
import { removeTracksFromAlbum } from '../domain/remove-tracks-from-album.ts';
import { reorderAlbumTracks } from '../domain/reorder-album-tracks.ts';
import { setReaction } from '../domain/set-reaction.ts';
import { updateAlbum } from '../domain/update-album.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { playlistMutations } from './playlist-mutations.ts';

const noAlbum = { album: null };
const noDeletedAlbum = { albumId: null, removedPlaceCount: null, dryRun: null };

export const Mutation: MutationResolvers = {
  createAlbum: (_root, { input }, context) => payload(noAlbum, () => createAlbum(context, input)),
  updateAlbum: (_root, { input }, context) => payload(noAlbum, () => updateAlbum(context, input)),
  deleteAlbum: (_root, { input }, context) => payload(noDeletedAlbum, () => deleteAlbum(context, input)),
  addTracksToAlbum: (_root, { input }, context) => payload(noAlbum, () => addTracksToAlbum(context, input)),
  removeTracksFromAlbum: (_root, { input }, context) =>
    payload(noAlbum, () => removeTracksFromAlbum(context, input)),
  reorderAlbumTracks: (_root, { input }, context) =>
    payload(noAlbum, () => reorderAlbumTracks(context, input)),
  ...playlistMutations,
  setReaction: (_root, { input }, context) => payload({ track: null }, () => setReaction(context, input)),
};
