import { z } from 'zod';

import { defineEvent, defineRequest, defineSignal } from './definition.ts';
import { AlbumId, AudioSearchId, ImportRunId, JobId, PlaylistId, TrackId, UploadId, UserId } from './ids.ts';
import { Image } from './images.ts';

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

/** An upload has moved: whoever shows it reads the row. */
export const uploadMoved = defineSignal('signal.catalog.upload', z.object({ uploadId: UploadId }));

/** Nobody wants what a job would make any more: whoever works on it may stop. */
export const jobUnwanted = defineSignal('signal.catalog.unwanted', z.object({ jobId: JobId }));

/** An import has moved: whoever shows it reads the row. */
export const importMoved = defineSignal('signal.catalog.import', z.object({ runId: ImportRunId }));
