import { z } from 'zod';

import { defineEvent } from './definition.ts';
import { TrackId, UserId } from './ids.ts';

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
