import type { Deps } from '../context.ts';
import type { AnchorState } from '../wave/state.ts';
import type { Asked } from './nearby.ts';

const POOL_ANCHORS = 10;

export interface NearAnchors {
  readonly ids: readonly string[];
  /** The index of sounds did not answer. */
  readonly isDegraded: boolean;
}

/** What sounds like the strongest anchors. */
export async function findNearAnchors(
  { nearby }: Pick<Deps, 'nearby'>,
  anchors: readonly AnchorState[],
  known: ReadonlyMap<string, Asked>,
): Promise<NearAnchors> {
  const near = await Promise.all(strongest(anchors, known).map((track) => nearby.find(track)));
  return {
    ids: near.flatMap((ids) => ids ?? []),
    isDegraded: near.length > 0 && near.every((ids) => ids === null),
  };
}

function strongest(anchors: readonly AnchorState[], known: ReadonlyMap<string, Asked>): Asked[] {
  return anchors
    .toSorted((a, b) => b.weight - a.weight || (a.trackId < b.trackId ? -1 : 1))
    .flatMap(({ trackId }) => known.get(trackId) ?? [])
    .filter(({ vector }) => vector !== null)
    .slice(0, POOL_ANCHORS);
}
