import type { Database } from '../database.ts';
import type { QueueState } from './state.ts';

/** What `Int` holds: 24 days. */
const MAX_LENGTH_MS = 2 ** 31 - 1;

/** How long items of a queue are, in milliseconds; what is not known, or not there, ends nowhere. */
export async function readLengths(
  db: Pick<Database, 'playableTrack'>,
  { items }: QueueState,
  itemIds: readonly (string | null)[],
): Promise<(itemId: string | null) => number> {
  const trackOf = new Map(
    items.filter(({ id }) => itemIds.includes(id)).map(({ id, trackId }) => [id, trackId]),
  );
  const where = { id: { in: [...new Set(trackOf.values())] } };
  const rows = await db.playableTrack.findMany({ where, select: { id: true, durationMs: true } });
  const lengths = new Map(rows.map(({ id, durationMs }) => [id, durationMs]));
  return (itemId) => lengths.get(trackOf.get(itemId ?? '') ?? '') ?? MAX_LENGTH_MS;
}
