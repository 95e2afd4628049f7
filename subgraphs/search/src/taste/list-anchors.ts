import type { Deps } from '../context.ts';
import { readTaste } from '../domain/read-taste.ts';
import type { TasteSource } from '../wave/state.ts';

export interface TasteAnchor {
  readonly trackId: string;
  readonly source: TasteSource;
  readonly weight: number;
  readonly isPinned: boolean;
}

/** The anchors that a wave of this user would begin from now, pinned ones first, then the strongest. */
export async function listAnchors(
  deps: Pick<Deps, 'db' | 'trackMemory'>,
  userId: string,
): Promise<TasteAnchor[]> {
  const { anchors } = await readTaste(deps, deps.db, userId);
  return anchors
    .map(({ trackId, source, weight, pinned = false }) => {
      return { trackId, source: source === 'SEED' ? ('LIKED' as const) : source, weight, isPinned: pinned };
    })
    .toSorted(
      (a, b) =>
        Number(b.isPinned) - Number(a.isPinned) || b.weight - a.weight || (a.trackId < b.trackId ? -1 : 1),
    );
}
