import type { ArtistResolvers, ArtistStatsResolvers } from '../generated/graphql.ts';
import type { ArtistStats as ArtistStatsModel } from '../models.ts';
import { fieldsOf } from '../stats/fields-of.ts';
import { findArtistTracks } from '../stats/may-see.ts';
import { readPageFigures } from '../stats/page-figures.ts';
import { readRange } from '../stats/range.ts';
import { readFirst } from '../stats/read-first.ts';
import { countListeners } from '../stats/track-stats.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async stats({ id }, args, context) {
    const trackIds = await findArtistTracks(context, id);
    if (!trackIds) return null;
    return { trackIds, range: readRange(args.range, args.by) };
  },
};

const figure = fieldsOf((pool, { trackIds, range }: ArtistStatsModel) =>
  readPageFigures(pool, trackIds, range),
);
const topOf = figure('top');

export const ArtistStats: ArtistStatsResolvers = {
  starts: figure('starts'),
  plays: figure('plays'),
  skips: figure('skips'),
  listenedMs: figure('listenedMs'),
  series: figure('series'),
  listeners: ({ trackIds, range }, _args, { pool }) => countListeners(pool, trackIds, range),
  async topTracks(stats, { first }, context) {
    const top = await topOf(stats, {}, context);
    return top.slice(0, readFirst(first, 10)).map(({ id, ...sums }) => ({ ...sums, track: { id } }));
  },
};
