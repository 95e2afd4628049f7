import { newId, type DataOf, type playbackReported, type TrackId, type UserId } from '@volna/events';

type Report = DataOf<typeof playbackReported>;

export const SECOND = 1_000;
export const HOUR = 3_600 * SECOND;
export const DAY = 24 * HOUR;

/** All reports of one listening, as playback states them; `at` is when it began. */
export function aListening({
  userId = newId('User'),
  trackId,
  at = new Date(),
  beganMs = 0,
  positions = [],
  heardMs,
  end,
  ...more
}: {
  readonly userId?: UserId;
  readonly trackId: TrackId;
  readonly at?: Date;
  /** Where in the track it began. */
  readonly beganMs?: number;
  /** Of PROGRESS reports, in milliseconds. */
  readonly positions?: readonly number[];
  /** Of the last report, where the listener has leapt; as in reports of an earlier release where it is left out. */
  readonly heardMs?: number;
  /** How it ended, and where. */
  readonly end?: readonly ['FINISHED' | 'SKIPPED', number];
  readonly source?: string;
  readonly deviceType?: string;
  readonly isPrivate?: boolean;
}): Report[] {
  const steps: [Report['event'], number][] = [
    ['STARTED', beganMs],
    ...positions.map((position): [Report['event'], number] => ['PROGRESS', position]),
    ...(end ? [[...end] as [Report['event'], number]] : []),
  ];
  const listening = { id: newId('Job'), startedAt: at.toISOString(), beganMs };
  return steps.map(([event, positionMs], step) => ({
    userId,
    trackId,
    event,
    positionMs,
    durationMs: 180_000,
    source: 'ORGANIC',
    deviceType: 'WEB',
    clientEventId: newId('Job'),
    listening: {
      ...listening,
      ...(heardMs !== undefined && { heardMs: Math.round((heardMs * step) / (steps.length - 1)) }),
    },
    at: new Date(at.getTime() + positionMs - beganMs).toISOString(),
    ...more,
  }));
}
