import type { ReindexingResolvers } from '../generated/graphql.ts';
import { countRestated } from '../reindexing/read-reindexing.ts';

export const Reindexing: ReindexingResolvers = {
  tracks: (_reindexing, _args, { db }) => db.indexedTrack.count(),
  restatedTracks: (reindexing, _args, { db }) => countRestated(db, reindexing),
};
