import type { UserResolvers, UserStatsResolvers } from '../generated/graphql.ts';
import type { UserStats as UserStatsModel } from '../models.ts';
import { fieldsOf } from '../stats/fields-of.ts';
import { readRange } from '../stats/range.ts';
import { readFirst } from '../stats/read-first.ts';
import { readUserSums } from '../stats/series.ts';
import { listTopOfUser, readUserFigures } from '../stats/top-lists.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  stats({ id }, args, { viewer }) {
    if (viewer?.userId !== id) return null;
    return { userId: id, range: readRange(args.range, 'DAY') };
  },
};

const sum = fieldsOf((pool, { userId, range }: UserStatsModel) => readUserSums(pool, userId, range));
const figure = fieldsOf((pool, { userId, range }: UserStatsModel) => readUserFigures(pool, userId, range));

export const UserStats: UserStatsResolvers = {
  plays: sum('plays'),
  skips: sum('skips'),
  listenedMs: sum('listenedMs'),
  series: sum('series'),
  tracks: figure('tracks'),
  artists: figure('artists'),
  searches: figure('searches'),
  days: figure('days'),
  async topTracks({ userId, range }, { first }, { pool }) {
    const top = await listTopOfUser(pool, userId, range, { first: readFirst(first, 10), of: 'track' });
    return top.map(({ id, ...sums }) => ({ ...sums, track: { id } }));
  },
  async topArtists({ userId, range }, { first }, { pool }) {
    const top = await listTopOfUser(pool, userId, range, { first: readFirst(first, 10), of: 'artist' });
    return top.map(({ id, ...sums }) => ({ ...sums, artist: { id } }));
  },
};
