import type { Context } from '../context.ts';
import type { TrackResolvers, TrackStatsResolvers } from '../generated/graphql.ts';
import { maySeeTrack } from '../stats/may-see.ts';
import { readRange } from '../stats/range.ts';
import { readTrackSeries, sumUp } from '../stats/series.ts';
import { countFinishes, countListeners, readRetention, readShares } from '../stats/track-stats.ts';

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
    const series = await readTrackSeries(context.pool, [id], range);
    return { ...sumUp(series), series, range, trackId: id };
  },
};

export const TrackStats: TrackStatsResolvers = {
  finishes: ({ trackId, range }, _args, { pool }) => countFinishes(pool, trackId, range),
  completion: async ({ trackId, range, starts }, _args, { pool }) =>
    starts > 0 ? (await countFinishes(pool, trackId, range)) / starts : null,
  listeners: ({ trackId, range }, _args, { pool }) => countListeners(pool, [trackId], range),
  sources: ({ trackId, range }, _args, { pool }) => readShares(pool, trackId, range, 'source'),
  devices: ({ trackId, range }, _args, { pool }) => readShares(pool, trackId, range, 'device_type'),
  retention: ({ trackId, range }, _args, { pool }) => readRetention(pool, trackId, range),
};
