import type { Viewer } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import { createAlbumById, createAlbumOfTrack } from './albums.ts';
import { createAlbumsPage, createAlbumTracksPage, createPlaylistItemsPage } from './pages.ts';
import { createPlaylistById } from './playlist-by-id.ts';
import { createReactionTo } from './reaction-to.ts';
import { createSeenTrack } from './seen-track.ts';
import { createAlbumSummary, createPlaylistCount } from './summaries.ts';

/** One request's batches: each asks the database once, however many rows a list has. */
export function createLoaders(db: Database, viewer: Viewer | null) {
  return {
    albumById: createAlbumById(db),
    albumOfTrack: createAlbumOfTrack(db, viewer),
    albumSummary: createAlbumSummary(db, viewer),
    albumTracksPage: createAlbumTracksPage(db, viewer),
    albumsPage: createAlbumsPage(db),
    playlistById: createPlaylistById(db, viewer),
    playlistCount: createPlaylistCount(db),
    playlistItemsPage: createPlaylistItemsPage(db),
    seenTrack: createSeenTrack(db, viewer),
    reactionTo: createReactionTo(db, viewer),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
