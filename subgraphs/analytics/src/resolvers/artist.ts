import type { ArtistResolvers, ArtistStatsResolvers } from '../generated/graphql.ts';
import { findArtistTracks } from '../stats/may-see.ts';
import { readRange } from '../stats/range.ts';
import { readFirst } from '../stats/read-first.ts';
import { readTrackSeries, sumUp } from '../stats/series.ts';
import { listTopTracks } from '../stats/top-lists.ts';
import { countListeners } from '../stats/track-stats.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async stats({ id }, args, context) {
    const trackIds = await findArtistTracks(context, id);
    if (!trackIds) return null;
    const range = readRange(args.range, args.by);
    const series = await readTrackSeries(context.pool, trackIds, range);
    return { ...sumUp(series), series, range, trackIds };
  },
};

export const ArtistStats: ArtistStatsResolvers = {
  listeners: ({ trackIds, range }, _args, { pool }) => countListeners(pool, trackIds, range),
  async topTracks({ trackIds, range }, { first }, { pool }) {
    const top = await listTopTracks(pool, trackIds, range, readFirst(first, 10));
    return top.map(({ id, ...sums }) => ({ ...sums, track: { id } }));
  },
};
