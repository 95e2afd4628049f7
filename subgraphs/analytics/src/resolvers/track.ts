import type { Context } from '../context.ts';
import type { TrackResolvers, TrackStatsResolvers } from '../generated/graphql.ts';
import type { TrackStats as TrackStatsModel } from '../models.ts';
import { fieldsOf } from '../stats/fields-of.ts';
import { maySeeTrack } from '../stats/may-see.ts';
import { readRange } from '../stats/range.ts';
import { countListeners, readRetention, readShares, readTrackFigures } from '../stats/track-stats.ts';

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
    return { trackId: id, range: readRange(args.range, args.by) };
  },
};

const figure = fieldsOf((pool, { trackId, range }: TrackStatsModel) =>
  readTrackFigures(pool, trackId, range),
);
const shares = fieldsOf((pool, { trackId, range }: TrackStatsModel) => readShares(pool, trackId, range));

export const TrackStats: TrackStatsResolvers = {
  starts: figure('starts'),
  plays: figure('plays'),
  skips: figure('skips'),
  listenedMs: figure('listenedMs'),
  finishes: figure('finishes'),
  completion: figure('completion'),
  series: figure('series'),
  sources: shares('sources'),
  devices: shares('devices'),
  listeners: ({ trackId, range }, _args, { pool }) => countListeners(pool, [trackId], range),
  retention: ({ trackId, range }, _args, { pool }) => readRetention(pool, trackId, range),
};
