import DataLoader from 'dataloader';

import type { Deps } from '../context.ts';
import { findSimilar, type Neighbour } from '../domain/find-similar.ts';
import type { Filter } from '../finding/types.ts';

interface Key {
  readonly trackId: string;
  readonly first: number;
  readonly filter?: Filter | null | undefined;
}

export type SimilarByTrack = DataLoader<Key, Neighbour[] | null, string>;

/** One look for all the tracks that a request wants the neighbours of, for each filter that it names. */
export function createSimilarByTrack(
  deps: Pick<Deps, 'db' | 'vectors'>,
  viewerId: string | null,
): SimilarByTrack {
  const find = async (keys: readonly Key[]) => {
    const most = Math.max(...keys.map(({ first }) => first));
    const ids = [...new Set(keys.map(({ trackId }) => trackId))];
    return findSimilar(deps, viewerId, ids, most, keys[0]?.filter ?? {});
  };
  return new DataLoader(
    async (keys) => {
      const byFilter = Map.groupBy(keys, filterOf);
      const found = new Map<string, Awaited<ReturnType<typeof find>>>();
      // oxlint-disable-next-line no-await-in-loop -- most requests have one filter
      for (const [filter, of] of byFilter) found.set(filter, await find(of));
      return keys.map((key) => {
        const neighbours = found.get(filterOf(key))?.get(key.trackId);
        return neighbours === null ? null : (neighbours ?? []).slice(0, key.first);
      });
    },
    { cacheKeyFn: (key) => `${key.trackId} ${key.first} ${filterOf(key)}` },
  );
}

const filterOf = ({ filter }: Key): string => JSON.stringify(filter ?? {});
