import DataLoader from 'dataloader';

import type { Deps } from '../context.ts';
import { findSimilar, type Neighbour } from '../domain/find-similar.ts';

interface Key {
  readonly trackId: string;
  readonly first: number;
}

export type SimilarByTrack = DataLoader<Key, Neighbour[] | null, string>;

/** One look for all the tracks that a request wants the neighbours of. */
export function createSimilarByTrack(
  deps: Pick<Deps, 'db' | 'vectors'>,
  viewerId: string | null,
): SimilarByTrack {
  return new DataLoader(
    async (keys) => {
      const most = Math.max(...keys.map(({ first }) => first));
      const found = await findSimilar(deps, viewerId, [...new Set(keys.map(({ trackId }) => trackId))], most);
      return keys.map(({ trackId, first }) => {
        const neighbours = found.get(trackId);
        return neighbours === null ? null : (neighbours ?? []).slice(0, first);
      });
    },
    { cacheKeyFn: ({ trackId, first }) => `${trackId} ${first}` },
  );
}
