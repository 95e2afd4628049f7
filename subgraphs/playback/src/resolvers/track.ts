import type { TrackResolvers } from '../generated/graphql.ts';
import { grantDownload, grantStream } from '../streaming/grant-stream.ts';

export const Track: TrackResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  stream: ({ id }, _args, context) => grantStream(context, id),
  download: ({ id }, _args, context) => grantDownload(context, id),
};
