import { findUpload } from '../domain/find-upload.ts';
import { listArtists } from '../domain/list-artists.ts';
import { listJobs } from '../domain/list-jobs.ts';
import { listTracks } from '../domain/list-tracks.ts';
import { contentTypes, extensions, partBytesOf } from '../domain/upload-policy.ts';
import type { QueryResolvers } from '../generated/graphql.ts';

export const Query: QueryResolvers = {
  track: (_root, { id }, { findTrack }) => findTrack(id),
  artist: (_root, { id }, { findArtist }) => findArtist(id),
  tracks: (_root, { filter, ...page }, context) => listTracks(context, page, filter ?? {}),
  artists: (_root, page, context) => listArtists(context, page),
  upload: (_root, { id }, context) => findUpload(context, id),
  jobs: (_root, { state, ...page }, context) => listJobs(context, page, state),
  uploadPolicy: (_root, _args, { policy: { maxBytes, maxSeconds } }) => ({
    maxBytes,
    maxSeconds,
    partBytes: partBytesOf(maxBytes),
    extensions,
    contentTypes,
  }),
};
