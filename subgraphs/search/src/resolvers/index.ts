import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { Query } from './query.ts';
import { Track } from './track.ts';

export const resolvers: Resolvers = { DateTime, Query, Track };
