import type { Context } from '../context.ts';
import type { TrackResolvers, TrackStatsResolvers } from '../generated/graphql.ts';
import type { TrackStats as TrackStatsModel } from '../models.ts';
import { maySeeTrack } from '../stats/may-see.ts';
import { readRange } from '../stats/range.ts';
import { readOnce } from '../stats/read-once.ts';
import { readTrackSeries, sumUp } from '../stats/series.ts';
import { countListeners, readRetention, readShares } from '../stats/track-stats.ts';

/** What is known of a track that the viewer may find. */
async function findTrack({ trackById, viewer }: Context, id: string) {
  const track = await trackById.load(id);
  return track && (track.isOpen || track.ownerId === viewer?.userId) ? track : null;
}

export const Track: TrackResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  popularity: async ({ id }, _args, context) => (await findTrack(context, id))?.popularity ?? null,
  trending: async ({ id }, _args, context) => (await findTrack(context, id))?.trending ?? null,
  async stats({ id }, args, context) {
    if (!(await maySeeTrack(context, id))) return null;
    const range = readRange(args.range, args.by);
    const series = await readTrackSeries(context.pool, id, range);
    const finishes = series.reduce((sum, point) => sum + point.finishes, 0);
    return { ...sumUp(series), finishes, series, range, trackId: id };
  },
};

const sharesOf = readOnce((pool, { trackId, range }: TrackStatsModel) => readShares(pool, trackId, range));

export const TrackStats: TrackStatsResolvers = {
  completion: ({ finishes, starts }) => (starts > 0 ? finishes / starts : null),
  listeners: ({ trackId, range }, _args, { pool }) => countListeners(pool, [trackId], range),
  sources: async (stats, _args, context) => (await sharesOf(stats, context)).sources,
  devices: async (stats, _args, context) => (await sharesOf(stats, context)).devices,
  retention: ({ trackId, range }, _args, { pool }) => readRetention(pool, trackId, range),
};
