import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { ArtistClaim } from './artist-claim.ts';
import { Artist } from './artist.ts';
import { Genre, TrackGenre } from './genre.ts';
import { ImportFile, ImportReport, ImportRun, ImportSource } from './import.ts';
import { Job } from './job.ts';
import { ContentReport, ModerationAction, ModerationCase } from './moderation-case.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import { TrackCredit } from './track-credit.ts';
import { DuplicateProposal } from './track-parts.ts';
import { TrackProcessing } from './track-processing.ts';
import { Track } from './track.ts';
import { Upload } from './upload.ts';
import { User } from './user.ts';

export const resolvers: Resolvers = {
  Artist,
  ArtistClaim,
  ContentReport,
  DateTime,
  DuplicateProposal,
  Genre,
  ImportFile,
  ImportReport,
  ImportRun,
  ImportSource,
  Job,
  ModerationAction,
  ModerationCase,
  Mutation,
  Query,
  Subscription,
  Track,
  TrackCredit,
  TrackGenre,
  TrackProcessing,
  Upload,
  User,
};
