import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { Album } from './album.ts';
import { Artist } from './artist.ts';
import { Mutation } from './mutation.ts';
import { PlaylistFolder } from './playlist-folder.ts';
import { Playlist, PlaylistInvite, PlaylistItem } from './playlist.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import { Track } from './track.ts';
import { User } from './user.ts';

export const resolvers: Resolvers = {
  Album,
  Artist,
  DateTime,
  Mutation,
  Playlist,
  PlaylistFolder,
  PlaylistInvite,
  PlaylistItem,
  Query,
  Subscription,
  Track,
  User,
};
