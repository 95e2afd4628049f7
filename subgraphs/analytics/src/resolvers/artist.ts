import type { ArtistResolvers, ArtistStatsResolvers } from '../generated/graphql.ts';
import { findArtistTracks } from '../stats/may-see.ts';
import { readPageFigures } from '../stats/page-figures.ts';
import { readRange } from '../stats/range.ts';
import { readFirst } from '../stats/read-first.ts';
import { sumUp } from '../stats/series.ts';
import { countListeners } from '../stats/track-stats.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async stats({ id }, args, context) {
    const trackIds = await findArtistTracks(context, id);
    if (!trackIds) return null;
    const range = readRange(args.range, args.by);
    const { series, top } = await readPageFigures(context.pool, trackIds, range);
    return { ...sumUp(series), series, top, range, trackIds };
  },
};

export const ArtistStats: ArtistStatsResolvers = {
  listeners: ({ trackIds, range }, _args, { pool }) => countListeners(pool, trackIds, range),
  topTracks: ({ top }, { first }) =>
    top.slice(0, readFirst(first, 10)).map(({ id, ...sums }) => ({ ...sums, track: { id } })),
};
