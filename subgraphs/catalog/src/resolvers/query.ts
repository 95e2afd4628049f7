import { artistRemoval } from '../artists/artist-removal.ts';
import { listArtistClaims } from '../artists/list-artist-claims.ts';
import { findUpload } from '../domain/find-upload.ts';
import { listJobs } from '../domain/list-jobs.ts';
import { statePolicy } from '../domain/state-policy.ts';
import { listDuplicates } from '../duplicates/find-duplicates.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { findGenre, listGenres } from '../genres/list-genres.ts';
import { listArtists } from '../lists/list-artists.ts';
import { listTracks } from '../lists/list-tracks.ts';
import { listModerationQueue } from '../moderation/list-cases.ts';
import { importQueries } from './import.ts';
import { reanalysisQueries } from './reanalysis.ts';

export const Query: QueryResolvers = {
  ...importQueries,
  ...reanalysisQueries,
  track: (_root, { id }, { findTrack }) => findTrack(id),
  artist: (_root, { id }, { findArtist }) => findArtist(id),
  tracks: (_root, args, context) => listTracks(context, args),
  artists: (_root, args, context) => listArtists(context, args),
  genres: (_root, args, context) => listGenres(context, args),
  genre: (_root, args, context) => findGenre(context, args),
  duplicates: (_root, args, context) => listDuplicates(context, context.requireViewer(), args),
  artistRemoval: (_root, { artistId }, context) => artistRemoval(context, artistId),
  artistClaims: (_root, { state, ...page }, context) => {
    context.requireAdmin();
    return listArtistClaims(context, page, state);
  },
  moderationQueue: (_root, args, context) => listModerationQueue(context, args),
  upload: (_root, { id }, context) => findUpload(context, id),
  jobs: (_root, { state, ...page }, context) => listJobs(context, page, state),
  uploadPolicy: (_root, _args, { policy }) => statePolicy(policy),
};
