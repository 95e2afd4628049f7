import { payload } from '@volna/platform/errors';

import { completeUpload } from '../domain/complete-upload.ts';
import { createUpload } from '../domain/create-upload.ts';
import { deleteTrack } from '../domain/delete-track.ts';
import { findSimilarTracks } from '../domain/find-similar-tracks.ts';
import { retryJob } from '../domain/retry-job.ts';
import { updateTrack } from '../domain/update-track.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { artistMutations } from './artist-mutations.ts';
import { authenticityMutations } from './authenticity-mutations.ts';
import { genreMutations } from './genre-mutations.ts';
import { importMutations } from './import-mutations.ts';
import { moderationMutations } from './moderation-mutations.ts';
import { reanalysisMutations } from './reanalysis.ts';
import { trackMutations } from './track-mutations.ts';
import { uploadMutations } from './upload-mutations.ts';

export const Mutation: MutationResolvers = {
  ...artistMutations,
  ...authenticityMutations,
  ...genreMutations,
  ...importMutations,
  ...moderationMutations,
  ...reanalysisMutations,
  ...trackMutations,
  ...uploadMutations,
  createUpload: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload({ upload: null }, async () => ({ upload: await createUpload(context, viewer, input) }));
  },
  completeUpload: async (_root, { input }, context) => {
    const viewer = context.requireViewer();
    const completed = await payload({ upload: null, track: null }, () =>
      completeUpload(context, viewer, input),
    );
    const { track } = completed;
    return { ...completed, similarTracks: track ? await findSimilarTracks(context, viewer, track) : [] };
  },
  updateTrack: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload({ track: null }, async () => ({ track: await updateTrack(context, viewer, input) }));
  },
  deleteTrack: (_root, { input: { trackId } }, context) => {
    const viewer = context.requireViewer();
    return payload({ deletedId: null }, async () => ({
      deletedId: await deleteTrack(context, viewer, trackId),
    }));
  },
  retryJob: (_root, { input: { jobId } }, context) => {
    context.requireAdmin();
    return payload({ job: null }, async () => ({ job: await retryJob(context, jobId) }));
  },
};
