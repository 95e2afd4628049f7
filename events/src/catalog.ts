import { z } from 'zod';

import { defineEvent, defineRequest, defineSignal } from './definition.ts';
import {
  AlbumId,
  ArtistId,
  AudioSearchId,
  ImportRunId,
  JobId,
  PlaylistId,
  TrackId,
  UploadId,
  UserId,
} from './ids.ts';

/** One size of a picture, as stored. */
export const Image = z.object({
  size: z.enum(['SMALL', 'MEDIUM', 'LARGE']),
  key: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** The colour that most of the picture has: `#rrggbb`. */
  color: z.string().optional(),
  /** A blurred stand-in for it: https://blurha.sh. */
  blurhash: z.string().optional(),
});

/** An artist page exists; its owner may upload for it. */
export const artistCreated = defineEvent(
  'catalog.artist.created',
  z.object({ artistId: ArtistId, ownerId: UserId, name: z.string() }),
);

/** An artist page has changed: stated whole. */
export const artistUpdated = defineEvent(
  'catalog.artist.updated',
  z.object({
    artistId: ArtistId,
    ownerId: UserId,
    name: z.string(),
    isVerified: z.boolean(),
    /** False where moderators keep it out of sight. */
    isOpen: z.boolean(),
    picture: z.array(Image),
  }),
);

/** An artist page has become somebody else's, who may upload for it now; `artistUpdated` states it as well. */
export const artistTransferred = defineEvent(
  'catalog.artist.transferred',
  z.object({
    artistId: ArtistId,
    ownerId: UserId,
    formerOwnerId: UserId,
    /** The page that the tracks of the former owner went to; null where they have gone with the page. */
    formerOwnerPageId: ArtistId.nullable(),
  }),
);

/** An artist page is gone; what became of its tracks, their own events tell. */
export const artistDeleted = defineEvent(
  'catalog.artist.deleted',
  z.object({
    artistId: ArtistId,
    ownerId: UserId,
    /** The page of the same owner's that its tracks went to. */
    movedToId: ArtistId.nullish(),
  }),
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
  /** Of `files/<kbps>.m4a`, which is the same in one file; missing where there is none. */
  fileBytes: z.number().int().positive().nullish(),
});

/** A rendition that has lost nothing of the original: `lossless.m3u8` beside the others' master playlist. */
export const Lossless = z.object({
  /** RFC 6381 codec string. */
  codec: z.string(),
  /** On the average. */
  kbps: z.number().int().positive(),
  /** Of `files/lossless.flac`, the same in one file; missing where the original is as much. */
  fileBytes: z.number().int().positive().nullish(),
});

/** Where the music is in what a decoder gives of the renditions, for players that join tracks without a gap. */
export const Gapless = z.object({
  sampleRate: z.number().int().positive(),
  /** The coder's own, before the first sample. */
  delaySamples: z.number().int().nonnegative(),
  /** The music's; what comes after it is the coder's. */
  samples: z.number().int().nonnegative(),
});

/** A track can be played: its renditions are in object storage. */
export const trackPlayable = defineEvent(
  'catalog.track.playable',
  z.object({
    trackId: TrackId,
    ownerId: UserId,
    /** More renditions are in work; a statement of all of them follows, unless the work fails. */
    isGrowing: z.boolean().optional(),
    /** Folder of `master.m3u8`, without a slash at its end. */
    hlsPrefix: z.string().min(1),
    renditions: z.array(Rendition).min(1),
    lossless: Lossless.nullish(),
    gapless: Gapless.nullish(),
    /** EBU R128, of the whole. */
    loudnessLufs: z.number().nullish(),
    truePeakDbtp: z.number().nullish(),
    originalKey: z.string().min(1),
    originalName: z.string(),
    originalBytes: z.number().int().nonnegative(),
    durationMs: z.number().int().nonnegative(),
  }),
);

const Features = z.object({
  tempo: z.number().nullable(),
  key: z.string().nullable(),
  energy: z.number().min(0).max(1).nullable(),
  valence: z.number().min(0).max(1).nullable(),
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

/** An uploaded clip that is not made a track is ready to be analysed for an audio search. */
export const clipAnalyzed = defineEvent(
  'catalog.clip.analyzed',
  z.object({
    searchId: AudioSearchId,
    uploadId: UploadId,
    embedding: z
      .object({ model: z.string(), vector: z.array(z.number()), segmentsKey: z.string().nullable() })
      .nullable(),
    /** The landmarks that its recording is recognised by, in object storage. */
    fingerprintKey: z.string().nullish(),
    /** Its pitch classes moment after moment, in object storage: `chroma.ts`. */
    chromaKey: z.string().nullish(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
);

/** The processing state of a track has moved: whoever shows it reads the row. */
export const trackProcessingMoved = defineSignal(
  'signal.catalog.track-processing',
  z.object({ trackId: TrackId }),
);

/** Moderators have decided about something: whoever owns it shows it or hides it. */
export const moderationDecided = defineEvent(
  'catalog.moderation.decided',
  z.object({
    targetType: z.enum(['TRACK', 'ARTIST', 'ALBUM', 'PLAYLIST']),
    targetId: z.string(),
    ownerId: UserId,
    state: z.enum(['CLEAR', 'HIDDEN', 'TAKEN_DOWN']),
    /** Of two decisions on one thing, the later counts. */
    at: z.iso.datetime(),
  }),
);

/** What an album or a playlist is called and whose it is, for whoever may see it. */
export const collectionAsked = defineRequest(
  'request.albums.collection',
  z.object({ id: z.union([AlbumId, PlaylistId]), viewerId: UserId.nullable(), isAdmin: z.boolean() }),
  z.object({
    collection: z.object({ ownerId: UserId, title: z.string(), mayEdit: z.boolean() }).nullable(),
  }),
);

/** The picture of an album or a playlist has been made, or taken away: then there are no sizes. */
export const coverChanged = defineEvent(
  'catalog.cover.changed',
  z.object({
    targetId: z.union([AlbumId, PlaylistId]),
    ownerId: UserId,
    images: z.array(Image),
    at: z.iso.datetime(),
  }),
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

/** An upload has moved: whoever shows it reads the row. */
export const uploadMoved = defineSignal('signal.catalog.upload', z.object({ uploadId: UploadId }));

/** Nobody wants what a job would make any more: whoever works on it may stop. */
export const jobUnwanted = defineSignal('signal.catalog.unwanted', z.object({ jobId: JobId }));

/** An import has moved: whoever shows it reads the row. */
export const importMoved = defineSignal('signal.catalog.import', z.object({ runId: ImportRunId }));
