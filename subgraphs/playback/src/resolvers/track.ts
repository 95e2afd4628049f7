import { grantDownload, grantStream } from '../domain/grant-stream.ts';
import type { TrackResolvers } from '../generated/graphql.ts';

export const Track: TrackResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  stream: ({ id }, _args, context) => grantStream(context, id),
  download: ({ id }, _args, context) => grantDownload(context, id),
};
