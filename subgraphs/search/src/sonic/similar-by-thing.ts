import DataLoader from 'dataloader';

import type { Deps } from '../context.ts';
import type { Neighbour } from '../domain/find-similar.ts';
import { findSimilarThings, type Kind } from './similar-things.ts';

export type SimilarByThing = DataLoader<string, Neighbour[] | null>;

/** One look for all the artists, or albums, that a request wants the like of. */
export function createSimilarByThing(
  deps: Pick<Deps, 'db' | 'vectors'>,
  viewerId: string | null,
  kind: Kind,
): SimilarByThing {
  return new DataLoader(async (ids) => {
    const found = await findSimilarThings(deps, viewerId, kind, ids);
    return ids.map((id) => (found.has(id) ? (found.get(id) ?? null) : []));
  });
}
