import { z } from 'zod';

import { defineEvent, defineJob, defineRequest } from './definition.ts';
import { JobId, TrackId } from './ids.ts';
import { Image } from './images.ts';
import { Gapless, Lossless, Rendition } from './media.ts';

/** Names one try at one job. A result that carries an older attempt than the row's is ignored (fencing). */
export const JobTry = z.object({ jobId: JobId, attempt: z.number().int().positive() });
export type JobTry = z.infer<typeof JobTry>;

/** Turn an uploaded original into HLS renditions, measurements and 16 kHz PCM. */
export const transcodeOrdered = defineJob(
  'jobs.transcode',
  JobTry.extend({
    /** Null for a clip that is only searched by. */
    trackId: TrackId.nullable(),
    originalKey: z.string().min(1),
    /** Folder of this attempt's own; nothing else is written there. */
    outputPrefix: z.string().min(1),
    maxSeconds: z.number().int().positive(),
  }),
);

/** Run the models over the PCM of a transcoded track. */
export const analyzeOrdered = defineJob(
  'jobs.analyze',
  JobTry.extend({
    trackId: TrackId.nullable(),
    /** Raw 32-bit float little-endian mono PCM at 16 kHz. */
    pcmKey: z.string().min(1),
    genreHint: z.string().nullable(),
  }),
);

/** Turn an original that was transcoded before into 16 kHz PCM once more, for another analysis. */
export const decodeOrdered = defineJob(
  'jobs.decode',
  JobTry.extend({
    trackId: TrackId,
    originalKey: z.string().min(1),
    /** Folder of this attempt's own; nothing else is written there. */
    outputPrefix: z.string().min(1),
    maxSeconds: z.number().int().positive(),
  }),
);

/** Bring a file from a URL into object storage. */
export const fetchOrdered = defineJob(
  'jobs.fetch',
  JobTry.extend({
    url: z.url(),
    /** Where the file goes. */
    objectKey: z.string().min(1),
    maxBytes: z.number().int().positive(),
  }),
);

/** Make the sizes of a picture. */
export const coverOrdered = defineJob(
  'jobs.cover',
  JobTry.extend({
    originalKey: z.string().min(1),
    /** Folder of this attempt's own; nothing else is written there. */
    outputPrefix: z.string().min(1),
    /** Width times height at most. */
    maxPixels: z.number().int().positive(),
  }),
);

/** Asked by a worker before it begins: is this try still wanted? Sets the job RUNNING and gives the lease. */
export const jobClaim = defineRequest(
  'request.jobs.claim',
  JobTry.extend({ worker: z.string().min(1) }),
  z.object({ granted: z.boolean(), leaseSeconds: z.number().positive() }),
);

/** A try is alive and this far; renews the lease. */
export const jobProgressed = defineEvent(
  'jobs-events.progressed',
  JobTry.extend({
    stage: z.enum(['FETCHING', 'PROBING', 'TRANSCODING', 'ANALYZING']),
    /** Share of this job that is done, 0–1. */
    progress: z.number().min(0).max(1),
    message: z.string().optional(),
  }),
);

/** A try has ended without a result. */
export const jobFailed = defineEvent(
  'jobs-events.failed',
  JobTry.extend({
    /** Stable, for clients: NOT_AUDIO, UNDECODABLE, TOO_LONG, EMPTY… */
    code: z.string().min(1),
    message: z.string(),
    /** False when another try cannot help. */
    retryable: z.boolean(),
  }),
);

/** Tags as the file states them, cleaned of control characters; none is sure to be there. */
export const FileTags = z.object({
  title: z.string().optional(),
  artist: z.string().optional(),
  album: z.string().optional(),
  /** The names of `artist` one by one, where the file states them so. */
  artists: z.array(z.string()).optional(),
  albumArtist: z.string().optional(),
  composer: z.string().optional(),
  remixer: z.string().optional(),
  genre: z.string().optional(),
  genres: z.array(z.string()).optional(),
  discNumber: z.number().int().optional(),
  /** `2024`, `2024-05` or `2024-05-17`. */
  releaseDate: z.string().optional(),
  label: z.string().optional(),
  upc: z.string().optional(),
  isCompilation: z.boolean().optional(),
  language: z.string().optional(),
  explicit: z.boolean().optional(),
  isrc: z.string().optional(),
  /** Plain or LRC. */
  lyrics: z.string().optional(),
  year: z.number().int().optional(),
  trackNumber: z.number().int().optional(),
});

/** The first rendition of a try at `transcodeOrdered` is stored, with a master playlist of its own; the others follow. */
export const renditionStored = defineEvent(
  'jobs-events.rendition-stored',
  JobTry.extend({
    hlsPrefix: z.string(),
    renditions: z.array(Rendition).min(1),
    gapless: Gapless.nullable(),
    durationMs: z.number().int().nonnegative(),
  }),
);

/** The renditions, measurements and PCM of a try at `transcodeOrdered` are stored. */
export const trackTranscoded = defineEvent(
  'jobs-events.transcoded',
  JobTry.extend({
    hlsPrefix: z.string(),
    renditions: z.array(Rendition).min(1),
    lossless: Lossless.nullish(),
    gapless: Gapless.nullish(),
    durationMs: z.number().int().nonnegative(),
    codec: z.string(),
    sampleRate: z.number().int().positive(),
    channels: z.number().int().positive(),
    loudnessLufs: z.number().nullable(),
    loudnessRangeLu: z.number().nullable(),
    truePeakDbtp: z.number().nullable(),
    /** Largest absolute sample of each of 2,000 equal slices of the track, 0–255. */
    peaks: z.array(z.number().int().min(0).max(255)).max(2000),
    pcmKey: z.string(),
    cover: z.array(Image),
    /** What of the file was left out, while the rest stands: COVER_REFUSED. */
    warnings: z.array(z.string().max(200)).max(5).optional(),
    tags: FileTags,
    /** Of the original, in hex. */
    sha256: z.string().length(64).optional(),
  }),
);

/** The PCM of a try at `decodeOrdered` is stored. */
export const trackDecoded = defineEvent('jobs-events.decoded', JobTry.extend({ pcmKey: z.string().min(1) }));

/** The file of a URL is in object storage. */
export const fileFetched = defineEvent(
  'jobs-events.fetched',
  JobTry.extend({
    bytes: z.number().int().positive(),
    /** As the server called it, or the URL ends. */
    filename: z.string(),
    contentType: z.string(),
  }),
);

/** The sizes of a picture are stored. */
export const coverMade = defineEvent(
  'jobs-events.cover-made',
  JobTry.extend({ images: z.array(Image).min(1) }),
);

/** A fault of one part of the analysis; the other parts stand. */
const PartError = z.object({ part: z.string(), code: z.string(), message: z.string() });

/** What the models found. */
export const trackAnalyzed = defineEvent(
  'jobs-events.analyzed',
  JobTry.extend({
    embedding: z
      .object({
        model: z.string(),
        /** Unit vector of the whole track, for similarity. */
        vector: z.array(z.number()),
        /** Unit vectors of five-second patches one second apart: `segments.ts`. */
        segmentsKey: z.string().nullable(),
      })
      .nullable(),
    /** Landmarks of the sound, by which its recording is recognised: `workers/analyze/src/fingerprint`. */
    fingerprintKey: z.string().nullish(),
    /** Its pitch classes moment after moment, by which its music is recognised when others play it: `chroma.ts`. */
    chromaKey: z.string().nullish(),
    /** Beats per minute, and the key as «A minor». */
    tempo: z.number().positive().nullable(),
    key: z.string().nullable(),
    /** How sure these two are, 0–1. */
    tempoConfidence: z.number().min(0).max(1).nullish(),
    keyConfidence: z.number().min(0).max(1).nullish(),
    danceability: z.number().min(0).max(1).nullish(),
    /** Notes and strokes that begin. */
    onsetsPerSecond: z.number().nonnegative().nullish(),
    energy: z.number().min(0).max(1).nullable(),
    valence: z.number().min(0).max(1).nullable(),
    energyConfidence: z.number().min(0).max(1).nullish(),
    valenceConfidence: z.number().min(0).max(1).nullish(),
    moods: z.array(z.string()),
    /** The same with how sure they are. */
    moodConfidences: z.array(z.object({ name: z.string(), confidence: z.number().min(0).max(1) })).optional(),
    /** Share of the stretches of four seconds in which somebody speaks. */
    speechShare: z.number().min(0).max(1).nullish(),
    genres: z.array(z.object({ name: z.string(), confidence: z.number().min(0).max(1) })),
    authenticity: z
      .object({
        model: z.string(),
        /** What the thresholds of the model make of the score. */
        status: z.enum(['LIKELY_HUMAN', 'SUSPECTED', 'UNKNOWN']).nullish(),
        /** Median of the chunks' scores: 1 is surely synthetic. */
        score: z.number().min(0).max(1),
        /** Engines of speech that the model has learned. */
        knownEngines: z.array(z.string()).optional(),
        /** Those in which somebody speaks. */
        chunks: z.array(
          z.object({
            /** Which stretch of the track it is, from 0. */
            index: z.number().int().nonnegative().optional(),
            startSec: z.number(),
            endSec: z.number(),
            score: z.number().min(0).max(1),
          }),
        ),
      })
      .nullable(),
    errors: z.array(PartError),
  }),
);
