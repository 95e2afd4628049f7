import type { Viewer } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import { createAlbumPlacesPage, createAlbumsPage, createAppearancesPage } from './album-pages.ts';
import { createAlbumById, createCreditsOf } from './albums.ts';
import {
  createFolderById,
  createFolderOfPlaylist,
  createFolderPlaylistsPage,
  createFoldersIn,
} from './folders.ts';
import { createMembersPage } from './members.ts';
import { createPlaylistCover } from './playlist-covers.ts';
import { createPlaylistItemsPage, createSmartItemsPage } from './playlist-items.ts';
import { createFollowersOf, createInvitesOf, createPlaylistById, createPlaylistsPage } from './playlists.ts';
import { createQueuePlaces } from './queue-places.ts';
import { createSeenTrack } from './seen-track.ts';
import { createAlbumSummary, createPlaylistCount } from './summaries.ts';
import { createTrackFacts } from './track-facts.ts';
import { createTrackUses } from './track-uses.ts';

/** One request's batches: each asks the database once, however many rows a list has. */
export function createLoaders(db: Database, viewer: Viewer | null) {
  return {
    albumById: createAlbumById(db, viewer),
    albumPlacesPage: createAlbumPlacesPage(db, viewer),
    albumSummary: createAlbumSummary(db, viewer),
    albumsPage: createAlbumsPage(db, viewer),
    appearancesPage: createAppearancesPage(db, viewer),
    creditsOf: createCreditsOf(db, viewer),
    folderById: createFolderById(db, viewer),
    folderOfPlaylist: createFolderOfPlaylist(db, viewer),
    folderPlaylistsPage: createFolderPlaylistsPage(db, viewer),
    foldersIn: createFoldersIn(db, viewer),
    followersOf: createFollowersOf(db, viewer),
    invitesOf: createInvitesOf(db),
    membersPage: createMembersPage(db),
    playlistById: createPlaylistById(db, viewer),
    playlistCover: createPlaylistCover(db, viewer),
    playlistCount: createPlaylistCount(db, viewer),
    playlistItemsPage: createPlaylistItemsPage(db),
    playlistsPage: createPlaylistsPage(db, viewer),
    queuePlaces: createQueuePlaces(db, viewer),
    seenTrack: createSeenTrack(db, viewer),
    smartItemsPage: createSmartItemsPage(db, viewer),
    trackFacts: createTrackFacts(db, viewer),
    trackUses: createTrackUses(db, viewer),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
