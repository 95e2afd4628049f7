import type { UserResolvers, UserStatsResolvers } from '../generated/graphql.ts';
import type { UserStats as UserStatsModel } from '../models.ts';
import { readRange } from '../stats/range.ts';
import { readFirst } from '../stats/read-first.ts';
import { readOnce } from '../stats/read-once.ts';
import { readUserSeries, sumUp } from '../stats/series.ts';
import { listTopOfUser, readUserFigures } from '../stats/top-lists.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async stats({ id }, args, { viewer, pool }) {
    if (viewer?.userId !== id) return null;
    const range = readRange(args.range, 'DAY');
    const series = await readUserSeries(pool, id, range);
    return { ...sumUp(series), series, range, userId: id };
  },
};

const figuresOf = readOnce((pool, { userId, range }: UserStatsModel) => readUserFigures(pool, userId, range));

export const UserStats: UserStatsResolvers = {
  tracks: async (stats, _args, context) => (await figuresOf(stats, context)).tracks,
  artists: async (stats, _args, context) => (await figuresOf(stats, context)).artists,
  searches: async (stats, _args, context) => (await figuresOf(stats, context)).searches,
  days: async (stats, _args, context) => (await figuresOf(stats, context)).days,
  async topTracks({ userId, range }, { first }, { pool }) {
    const top = await listTopOfUser(pool, userId, range, { first: readFirst(first, 10), of: 'track' });
    return top.map(({ id, ...sums }) => ({ ...sums, track: { id } }));
  },
  async topArtists({ userId, range }, { first }, { pool }) {
    const top = await listTopOfUser(pool, userId, range, { first: readFirst(first, 10), of: 'artist' });
    return top.map(({ id, ...sums }) => ({ ...sums, artist: { id } }));
  },
};
