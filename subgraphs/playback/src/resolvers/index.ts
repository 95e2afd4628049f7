import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { HistoryEntry } from './history-entry.ts';
import { Mutation } from './mutation.ts';
import { NowListening, NowPlaying } from './now-playing.ts';
import { Player, PlayerItem, Room } from './player.ts';
import { Query } from './query.ts';
import { StreamGrant } from './stream-grant.ts';
import { Subscription } from './subscription.ts';
import { Track } from './track.ts';
import { User } from './user.ts';

export const resolvers: Resolvers = {
  DateTime,
  HistoryEntry,
  Mutation,
  NowListening,
  NowPlaying,
  Player,
  PlayerItem,
  Query,
  Room,
  StreamGrant,
  Subscription,
  Track,
  User,
};
