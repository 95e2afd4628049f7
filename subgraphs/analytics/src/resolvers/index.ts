import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { Artist, ArtistStats } from './artist.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Track, TrackStats } from './track.ts';
import { User, UserStats } from './user.ts';

export const resolvers: Resolvers = {
  Artist,
  ArtistStats,
  DateTime,
  Mutation,
  Query,
  Track,
  TrackStats,
  User,
  UserStats,
};
