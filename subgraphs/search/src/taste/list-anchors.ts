import type { Deps } from '../context.ts';
import { readTaste } from '../domain/read-taste.ts';

export interface TasteAnchor {
  readonly trackId: string;
  readonly source: 'LIKED' | 'FINISHED';
  readonly weight: number;
  readonly isPinned: boolean;
}

/** The anchors that a wave of this user would begin from now, pinned ones first, then the strongest. */
export async function listAnchors({ db }: Pick<Deps, 'db'>, userId: string): Promise<TasteAnchor[]> {
  const anchors = await readTaste(db, userId);
  return anchors
    .map(({ trackId, source, weight, pinned = false }) => {
      const heard = source === 'FINISHED' ? source : ('LIKED' as const);
      return { trackId, source: heard, weight, isPinned: pinned };
    })
    .toSorted(
      (a, b) =>
        Number(b.isPinned) - Number(a.isPinned) || b.weight - a.weight || (a.trackId < b.trackId ? -1 : 1),
    );
}
