import type { Track } from './generated/prisma/client.ts';

export type { Artist, Job, Track, Upload } from './generated/prisma/client.ts';

/** The processing state lives on the track's row. */
export type TrackProcessing = Track;

export interface User {
  readonly id: string;
}
