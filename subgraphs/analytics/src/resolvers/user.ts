import type { Context } from '../context.ts';
import type { UserResolvers, UserStatsResolvers } from '../generated/graphql.ts';
import type { UserStats as UserStatsModel } from '../models.ts';
import { readRange } from '../stats/range.ts';
import { readFirst } from '../stats/read-first.ts';
import { readUserSeries, sumUp } from '../stats/series.ts';
import { listTopOfUser, readUserFigures, type UserFigures } from '../stats/top-lists.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async stats({ id }, args, { viewer, pool }) {
    if (viewer?.userId !== id) return null;
    const range = readRange(args.range, 'DAY');
    const series = await readUserSeries(pool, id, range);
    return { ...sumUp(series), series, range, userId: id };
  },
};

/** The figures that one statement gives, whichever of them are asked for. */
const figures = new WeakMap<UserStatsModel, Promise<UserFigures>>();

function figuresOf(stats: UserStatsModel, { pool }: Context): Promise<UserFigures> {
  const known = figures.get(stats) ?? readUserFigures(pool, stats.userId, stats.range);
  figures.set(stats, known);
  return known;
}

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
