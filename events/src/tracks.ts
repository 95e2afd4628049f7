import { z } from 'zod';

import { defineEvent } from './definition.ts';
import { AlbumId, ArtistId, TrackId, UserId } from './ids.ts';
import { Image } from './images.ts';

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

const Features = z.object({
  tempo: z.number().nullable(),
  key: z.string().nullable(),
  energy: z.number().min(0).max(1).nullable(),
  valence: z.number().min(0).max(1).nullable(),
  /**
   * Null before it is measured, and where nothing is above the gate of EBU R128: of a track with a duration and without
   * an embedding that is silence.
   */
  loudnessLufs: z.number().nullable(),
  tempoConfidence: z.number().min(0).max(1).nullish(),
  keyConfidence: z.number().min(0).max(1).nullish(),
  danceability: z.number().min(0).max(1).nullish(),
  onsetsPerSecond: z.number().nonnegative().nullish(),
});

/** Somebody's part in a track, as it is written there. */
export const Credit = z.object({
  role: z.enum([
    'MAIN',
    'FEATURED',
    'REMIXER',
    'COMPOSER',
    'LYRICIST',
    'PRODUCER',
    'CONDUCTOR',
    'PERFORMER',
    'ENGINEER',
    'OTHER',
  ]),
  name: z.string(),
  artistId: ArtistId.nullable(),
});

/** Everything that makes a track findable; stated again, whole, whenever any of it changes. */
export const trackUpdated = defineEvent(
  'catalog.track.updated',
  z.object({
    trackId: TrackId,
    ownerId: UserId,
    artistId: ArtistId,
    artistName: z.string(),
    title: z.string(),
    durationMs: z.number().int().nonnegative().nullable(),
    year: z.number().int().nullable(),
    /** Everybody who made it, the main artists first. */
    credits: z.array(Credit).optional(),
    trackNumber: z.number().int().nullish(),
    discNumber: z.number().int().nullish(),
    /** BCP 47. */
    language: z.string().nullish(),
    explicit: z.boolean().nullish(),
    isrc: z.string().nullish(),
    /** Plain. */
    lyrics: z.string().nullish(),
    genres: z.array(z.string()),
    tags: z.array(z.string()),
    features: Features,
    cover: z.array(Image),
    /** Null where the analysis failed: such a track is found by its words only. */
    embedding: z
      .object({ model: z.string(), vector: z.array(z.number()), segmentsKey: z.string().nullable() })
      .nullable(),
    /** The landmarks that its recording is recognised by, in object storage. */
    fingerprintKey: z.string().nullish(),
    /** Its pitch classes moment after moment, in object storage: `chroma.ts`. */
    chromaKey: z.string().nullish(),
    /** It is taken for synthetic speech: by the model, as long as no moderator has said otherwise. */
    isAiSuspected: z.boolean().nullish(),
    createdAt: z.iso.datetime(),
  }),
);

/** The tree of genres, whole, whenever any of it has changed. */
export const genresChanged = defineEvent(
  'catalog.genres.changed',
  z.object({
    genres: z.array(
      z.object({
        name: z.string(),
        /** Name of the genre above it. */
        parent: z.string().nullable(),
        /** Other spellings that mean it. */
        aliases: z.array(z.string()),
      }),
    ),
  }),
);

/** Whether listeners may find and hear a track has changed. Of two, the one with the larger `seq` is the later. */
export const trackOpennessChanged = defineEvent(
  'catalog.track.openness-changed',
  z.object({
    trackId: TrackId,
    ownerId: UserId,
    artistId: ArtistId,
    isOpen: z.boolean(),
    seq: z.number().int().positive(),
    /** Why it is not open. */
    reason: z.enum(['PROCESSING', 'DRAFT', 'MODERATED', 'MERGED']).nullable(),
    /** The track that stands for it now. */
    mergedIntoId: TrackId.nullable(),
  }),
);

/** A track is gone; whoever holds a copy or a reference drops it. */
export const trackDeleted = defineEvent(
  'catalog.track.deleted',
  z.object({ trackId: TrackId, ownerId: UserId }),
);

/** A track has come in from a library of files, and where it stood there. */
export const trackImported = defineEvent(
  'catalog.track.imported',
  z.object({
    trackId: TrackId,
    ownerId: UserId,
    /** The page of the album's artist. */
    albumArtistId: ArtistId,
    album: z.object({
      title: z.string(),
      /** `2024`, `2024-05` or `2024-05-17`. */
      releaseDate: z.string().nullable(),
      isCompilation: z.boolean(),
      label: z.string().nullable(),
      upc: z.string().nullable(),
    }),
    disc: z.number().int().positive(),
    number: z.number().int().positive().nullable(),
  }),
);
