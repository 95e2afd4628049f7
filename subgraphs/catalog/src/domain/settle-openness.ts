import type { Transaction } from '../database.ts';
import { openingsOf, SETTLE_SQL, type Settled } from './openness.ts';

const BATCH = 1000;

/**
 * Keeps everything that decides whether these tracks are open as it is until the transaction ends. Artists come
 * before tracks: whoever changes either and settles afterwards takes them in this order, before the change.
 */
export async function lockOpenness(tx: Transaction, trackIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    SELECT id FROM artist WHERE id IN (SELECT artist_id FROM track WHERE id = ANY(${trackIds}::text[]))
    ORDER BY id FOR SHARE`;
  await tx.$executeRaw`SELECT id FROM track WHERE id = ANY(${trackIds}::text[]) ORDER BY id FOR NO KEY UPDATE`;
}

/**
 * Opens or closes tracks after a change of their status, draft, moderation or merger, or of their artist, and
 * states those for which that is a change. Gives how many there were.
 */
export async function settleOpenness(tx: Transaction, trackIds: readonly string[]): Promise<number> {
  if (trackIds.length === 0) return 0;
  let count = 0;
  await lockOpenness(tx, trackIds);
  for (let at = 0; at < trackIds.length; at += BATCH) {
    const batch = trackIds.slice(at, at + BATCH);
    // oxlint-disable-next-line no-await-in-loop -- a transaction has one connection
    const settled = await tx.$queryRawUnsafe<Settled[]>(SETTLE_SQL, batch);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await tx.outbox.createMany({ data: openingsOf(settled) });
    count += settled.length;
  }
  return count;
}

/** The same for all tracks on an artist's page, after moderators have decided about it. */
export async function settleOpennessOfArtist(tx: Transaction, artistId: string): Promise<number> {
  const tracks = await tx.track.findMany({
    where: { artistId },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return settleOpenness(
    tx,
    tracks.map(({ id }) => id),
  );
}
