import { z } from 'zod';

import { defineEvent, defineSignal } from './definition.ts';
import { TrackId, UserId } from './ids.ts';

/** A player told what it did. Stated once for each `clientEventId`. */
export const playbackReported = defineEvent(
  'playback.reported',
  z.object({
    userId: UserId,
    trackId: TrackId,
    event: z.enum(['STARTED', 'PROGRESS', 'FINISHED', 'SKIPPED']),
    positionMs: z.number().int().nonnegative(),
    durationMs: z.number().int().nonnegative().nullable(),
    source: z.string(),
    at: z.iso.datetime(),
    deviceType: z.string().optional(),
    /** The client's own id of the report. */
    clientEventId: z.string().optional(),
    /** The listening that the report is of, and its first report's time: the same in each report of one listening. */
    listening: z
      .object({
        id: z.string(),
        startedAt: z.iso.datetime(),
        /** Where in the track it began; 0 where it is not said. */
        beganMs: z.number().int().nonnegative().optional(),
        /** What was heard of it up to this report: of two, the one with more is the later. */
        heardMs: z.number().int().nonnegative().optional(),
      })
      .optional(),
    /** The listener wants to be counted without being named. */
    isPrivate: z.boolean().optional(),
  }),
);

/** Who may hear some track has changed: whoever streams reads the rows. */
export const tracksClosed = defineSignal('signal.playback.closed', z.object({}));

/** A player has changed, a user's or a room's: whoever follows it reads the row. */
export const playerMoved = defineSignal('signal.playback.player', z.object({ ownerId: z.string() }));

/** What somebody is playing, or shows of it, has changed: whoever follows it reads the rows. */
export const listeningMoved = defineSignal('signal.playback.listening', z.object({ userId: UserId }));
