import { ClientError } from '@volna/platform/errors';

import type { TrackResolvers } from '../generated/graphql.ts';
import { readFirst } from '../read-first.ts';

export const Track: TrackResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async similar({ id }, { first, filter }, { similarByTrack }) {
    const neighbours = await similarByTrack.load({ trackId: id, first: readFirst(first, 10), filter });
    if (!neighbours) throw new ClientError('UNAVAILABLE', 'likeness cannot be asked for at the moment');
    return {
      trackId: id,
      totalCount: neighbours.length,
      edges: neighbours.map(({ id: trackId, score }) => ({ score, node: { id: trackId } })),
    };
  },
};
