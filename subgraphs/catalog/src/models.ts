import type { DuplicateReason } from './generated/graphql.ts';
import type {
  DuplicateProposal as ProposalRow,
  ImportRun,
  Track,
  Upload as UploadRow,
} from './generated/prisma/client.ts';

export type {
  Artist,
  ArtistClaim,
  ContentReport,
  Genre,
  ImportFile,
  ImportRun,
  ImportSource,
  Job,
  ModerationAction,
  ModerationCase,
  Track,
  TrackCredit,
  TrackGenre,
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

export interface DuplicateProposal extends ProposalRow {
  readonly reasons: DuplicateReason[];
}

/** A report is read from its run's files. */
export type ImportReport = ImportRun;
