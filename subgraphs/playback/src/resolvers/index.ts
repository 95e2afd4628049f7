import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { HistoryEntry } from './history-entry.ts';
import { Mutation } from './mutation.ts';
import { Player, PlayerItem, Room } from './player.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import { Track } from './track.ts';
import { User } from './user.ts';

export const resolvers: Resolvers = {
  DateTime,
  HistoryEntry,
  Mutation,
  Player,
  PlayerItem,
  Query,
  Room,
  Subscription,
  Track,
  User,
};
