import type { Transaction } from '../database.ts';
import type { WaveState } from '../wave/state.ts';

/** What a wave knows, without anchors by artists that its listener has blocked. */
export async function withoutBlocked(tx: Transaction, userId: string, state: WaveState): Promise<WaveState> {
  const blocked = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM blocked_artist b JOIN indexed_track t ON t.artist_id = b.artist_id
    WHERE b.user_id = ${userId} AND t.id = ANY(${state.anchors.map(({ trackId }) => trackId)})`;
  const isBlocked = new Set(blocked.map(({ id }) => id));
  return { ...state, anchors: state.anchors.filter(({ trackId }) => !isBlocked.has(trackId)) };
}
