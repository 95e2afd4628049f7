import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { AudioMatch } from './audio-match.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Reindexing } from './reindexing.ts';
import { hitEdges, SearchResults, TrackHitConnection } from './search-results.ts';
import { GeneratedPlaylist, RadioEdge, Shelf, ShelfItem, User } from './shelves.ts';
import { Album, Artist } from './sonic.ts';
import { Subscription } from './subscription.ts';
import {
  BlockedArtist,
  ForgottenAnchor,
  OnboardingPick,
  TasteAnchor,
  TasteArtist,
  TasteProfile,
  TasteTrait,
} from './taste.ts';
import { Track } from './track.ts';
import { Wave, WaveDecision, WaveItem } from './wave.ts';

export const resolvers: Resolvers = {
  Album,
  Artist,
  AudioMatch,
  BlockedArtist,
  DateTime,
  ForgottenAnchor,
  GeneratedPlaylist,
  Mutation,
  OnboardingPick,
  Query,
  RadioEdge,
  Reindexing,
  SearchResults,
  Shelf,
  ShelfItem,
  Subscription,
  TasteAnchor,
  TasteArtist,
  TasteProfile,
  TasteTrait,
  Track,
  TrackHitConnection,
  User,
  Wave,
  WaveDecision,
  WaveItem,
  ...hitEdges,
};
