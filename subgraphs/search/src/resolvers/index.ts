import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { AudioMatch } from './audio-match.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { hitEdges, SearchResults, TrackHitConnection } from './search-results.ts';
import { Album, Artist } from './sonic.ts';
import { Subscription } from './subscription.ts';
import { Track } from './track.ts';
import { Wave, WaveDecision, WaveItem } from './wave.ts';

export const resolvers: Resolvers = {
  Album,
  Artist,
  AudioMatch,
  DateTime,
  Mutation,
  Query,
  SearchResults,
  Subscription,
  Track,
  TrackHitConnection,
  Wave,
  WaveDecision,
  WaveItem,
  ...hitEdges,
};
