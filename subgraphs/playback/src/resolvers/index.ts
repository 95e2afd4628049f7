import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { HistoryEntry } from './history-entry.ts';
import { Mutation } from './mutation.ts';
import { Track } from './track.ts';
import { User } from './user.ts';

export const resolvers: Resolvers = { DateTime, HistoryEntry, Mutation, Track, User };
