import { resumePoint } from '../domain/counting.ts';
import type { TrackResolvers } from '../generated/graphql.ts';
import { grantDownload, grantStream } from '../streaming/grant-stream.ts';

export const Track: TrackResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  stream: ({ id }, _args, context) => grantStream(context, id),
  async resumeMs({ id }, _args, { lastListening, playableById }) {
    const [last, track] = await Promise.all([lastListening.load(id), playableById.load(id)]);
    return last && track && !last.ended ? resumePoint(last.playedMs, track.durationMs) : null;
  },
  download: ({ id }, _args, context) => grantDownload(context, id),
};
