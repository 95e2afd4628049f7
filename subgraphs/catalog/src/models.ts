import type { Track, Upload as UploadRow } from './generated/prisma/client.ts';

export type {
  Artist,
  ArtistClaim,
  ContentReport,
  Job,
  ModerationAction,
  ModerationCase,
  Track,
  TrackCredit,
} from './generated/prisma/client.ts';

export interface Upload extends UploadRow {
  /** Opened by this very request: no part can have arrived. */
  readonly isNew?: true;
}

/** The processing state lives on the track's row. */
export type TrackProcessing = Track;

export interface User {
  readonly id: string;
}
