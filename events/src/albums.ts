import { z } from 'zod';

import { defineEvent, defineRequest, defineSignal } from './definition.ts';
import { AlbumId, ArtistId, PlaylistId, TrackId, UserId } from './ids.ts';

/** An album exists, or its description has changed: stated whole. */
export const albumDescribed = defineEvent(
  'albums.album.described',
  z.object({
    albumId: AlbumId,
    artistId: ArtistId,
    ownerId: UserId,
    title: z.string(),
    year: z.number().int().nullable(),
    /** False while only its owner may see it. */
    isReleased: z.boolean().optional(),
  }),
);

/** The tracks of an album are now exactly these, in this order. */
export const albumTracksChanged = defineEvent(
  'albums.album.tracks-changed',
  z.object({ albumId: AlbumId, trackIds: z.array(TrackId) }),
);

/** Everybody may see an album that only its owner saw, with these tracks on it. */
export const albumReleased = defineEvent(
  'albums.album.released',
  z.object({ albumId: AlbumId, ownerId: UserId, trackIds: z.array(TrackId) }),
);

/** A playlist exists, or its description has changed: stated whole. */
export const playlistDescribed = defineEvent(
  'albums.playlist.described',
  z.object({
    playlistId: PlaylistId,
    ownerId: UserId,
    title: z.string(),
    visibility: z.enum(['PRIVATE', 'UNLISTED', 'PUBLIC']),
  }),
);

/** What a user feels about a track has changed. */
export const reactionSet = defineEvent(
  'albums.reaction.set',
  z.object({
    userId: UserId,
    trackId: TrackId,
    reaction: z.enum(['LIKE', 'DISLIKE', 'NONE']),
    at: z.iso.datetime(),
  }),
);

/** Somebody has put tracks on a playlist, theirs or one that they may edit. */
export const playlistTracksAdded = defineEvent(
  'albums.playlist.tracks-added',
  z.object({
    playlistId: PlaylistId,
    userId: UserId,
    trackIds: z.array(TrackId),
    at: z.iso.datetime(),
  }),
);

/** An album is gone; its tracks are not. */
export const albumDeleted = defineEvent(
  'albums.album.deleted',
  z.object({ albumId: AlbumId, ownerId: UserId }),
);

/** A playlist is gone. */
export const playlistDeleted = defineEvent(
  'albums.playlist.deleted',
  z.object({ playlistId: PlaylistId, ownerId: UserId }),
);

/** A playlist has changed, is gone, or is somebody's no more: whoever shows it reads the rows. */
export const playlistMoved = defineSignal('signal.albums.playlist', z.object({ playlistId: PlaylistId }));

/** What a playlist is called and which tracks begin it, whoever may hear them; null for one that the viewer may not see. */
export const playlistAsked = defineRequest(
  'request.albums.playlist',
  z.object({ id: PlaylistId, viewerId: UserId.nullable() }),
  z.object({ playlist: z.object({ title: z.string(), trackIds: z.array(TrackId) }).nullable() }),
);
