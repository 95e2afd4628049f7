import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { AudioMatch } from './audio-match.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { hitEdges, SearchResults } from './search-results.ts';
import { Subscription } from './subscription.ts';
import { Track } from './track.ts';
import { Wave, WaveItem } from './wave.ts';

export const resolvers: Resolvers = {
  AudioMatch,
  DateTime,
  Mutation,
  Query,
  SearchResults,
  Subscription,
  Track,
  Wave,
  WaveItem,
  ...hitEdges,
};
