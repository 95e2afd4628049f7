import { resumePoint } from '../domain/counting.ts';
import { grantDownload, grantDownloads } from '../downloads/grant-downloads.ts';
import type { TrackResolvers } from '../generated/graphql.ts';
import { grantStream } from '../streaming/grant-stream.ts';

export const Track: TrackResolvers = {
  __resolveReference: (reference) => reference,
  stream: ({ id }, _args, context) => grantStream(context, id),
  async resumeMs({ id }, _args, { lastListening, playableById }) {
    const [last, track] = await Promise.all([lastListening.load(id), playableById.load(id)]);
    return last && track && !last.ended ? resumePoint(last.positionMs, track.durationMs) : null;
  },
  download: (track, _args, context) => grantDownload(context, track),
  downloads: (track, _args, context) => grantDownloads(context, track),
};
