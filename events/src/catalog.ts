import { z } from 'zod';

import { defineEvent, defineSignal } from './definition.ts';
import { AlbumId, ArtistId, AudioSearchId, TrackId, UploadId, UserId } from './ids.ts';

/** An artist page exists; its owner may upload for it. */
export const artistCreated = defineEvent(
  'catalog.artist.created',
  z.object({ artistId: ArtistId, ownerId: UserId, name: z.string() }),
);

/** A track row exists and its processing has been ordered. */
export const trackCreated = defineEvent(
  'catalog.track.created',
  z.object({
    trackId: TrackId,
    artistId: ArtistId,
    ownerId: UserId,
    title: z.string(),
    /** The album that the uploader asked for; albums decides whether it may be. */
    albumId: AlbumId.nullable(),
  }),
);

/** HLS renditions of a track, as stored. */
export const Rendition = z.object({
  kbps: z.number().int().positive(),
  /** RFC 6381 codec string. */
  codec: z.string(),
});

/** A track can be played: its renditions are in object storage. */
export const trackPlayable = defineEvent(
  'catalog.track.playable',
  z.object({
    trackId: TrackId,
    ownerId: UserId,
    /** Folder of `master.m3u8`, without a slash at its end. */
    hlsPrefix: z.string().min(1),
    renditions: z.array(Rendition).min(1),
    originalKey: z.string().min(1),
    originalName: z.string(),
    originalBytes: z.number().int().nonnegative(),
    durationMs: z.number().int().nonnegative(),
  }),
);

/** One size of a picture, as stored. */
export const Image = z.object({
  size: z.enum(['SMALL', 'MEDIUM', 'LARGE']),
  key: z.string(),
  width: z.number().int(),
  height: z.number().int(),
});

const Features = z.object({
  tempo: z.number().nullable(),
  key: z.string().nullable(),
  energy: z.number().min(0).max(1).nullable(),
  valence: z.number().min(0).max(1).nullable(),
  loudnessLufs: z.number().nullable(),
});

/** Everything that makes a track findable; stated again, whole, whenever any of it changes. */
export const trackDescribed = defineEvent(
  'catalog.track.described',
  z.object({
    trackId: TrackId,
    ownerId: UserId,
    artistId: ArtistId,
    artistName: z.string(),
    title: z.string(),
    durationMs: z.number().int().nonnegative().nullable(),
    year: z.number().int().nullable(),
    genres: z.array(z.string()),
    tags: z.array(z.string()),
    features: Features,
    cover: z.array(Image),
    /** Null where the analysis failed: such a track is found by its words only. */
    embedding: z
      .object({ model: z.string(), vector: z.array(z.number()), segmentsKey: z.string().nullable() })
      .nullable(),
    createdAt: z.iso.datetime(),
  }),
);

/** A track is gone; whoever holds a copy or a reference drops it. */
export const trackDeleted = defineEvent(
  'catalog.track.deleted',
  z.object({ trackId: TrackId, ownerId: UserId }),
);

/** An uploaded clip that is not made a track is ready to be analysed for an audio search. */
export const clipAnalyzed = defineEvent(
  'catalog.clip.analyzed',
  z.object({
    searchId: AudioSearchId,
    uploadId: UploadId,
    embedding: z
      .object({ model: z.string(), vector: z.array(z.number()), segmentsKey: z.string().nullable() })
      .nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
);

/** The processing state of a track has moved: whoever shows it reads the row. */
export const trackProcessingMoved = defineSignal(
  'signal.catalog.track-processing',
  z.object({ trackId: TrackId }),
);

/** A track is open to listeners. */
export const trackPublished = defineEvent(
  'catalog.track.published',
  z.object({ trackId: TrackId, ownerId: UserId, artistId: ArtistId }),
);
