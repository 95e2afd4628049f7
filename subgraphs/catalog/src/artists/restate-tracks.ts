import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { describeTracks } from '../domain/describe-track.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { respellTracks } from '../genres/respell-tracks.ts';

/** How many tracks one transaction states. */
const BATCH = 100;
/** How many of those follow a change at once; the sweeper states the rest. */
const AT_ONCE = 5;

/**
 * Notes that tracks have to be stated anew, in the transaction of the change that they share: with a page's name a
 * whole catalogue changes, and to state all of it would hold its rows for too long.
 */
export async function noteRestatement(tx: Transaction, tracks: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`INSERT INTO track_restatement (track_id) ${tracks} ON CONFLICT DO NOTHING`;
}

/** The tracks on an artist's page, and those that it has a part in elsewhere, for `noteRestatement`. */
export function tracksWith(artistId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT id FROM track WHERE artist_id = ${artistId}
    UNION SELECT track_id FROM track_credit WHERE artist_id = ${artistId}`;
}

/** Notes all tracks that listeners can have heard of. What is stated twice does no harm. */
export async function restateAll({ db }: Pick<Deps, 'db'>): Promise<void> {
  await db.$transaction((tx) => noteRestatement(tx, Prisma.sql`SELECT id FROM track WHERE status = 'READY'`));
}

/** States tracks that wait for it, the oldest first. What a crash leaves behind, the next call finds. */
export async function restateTracks(deps: Deps): Promise<void> {
  for (let batch = 0; batch < AT_ONCE; batch++) {
    // oxlint-disable-next-line no-await-in-loop -- small transactions, one after the other, are the point
    const count = await deps.db.$transaction((tx) => restateBatch(tx));
    if (count > 0) deps.wake();
    if (count < BATCH) return;
  }
}

async function restateBatch(tx: Transaction): Promise<number> {
  const waiting = await tx.$queryRaw<{ id: string }[]>`
    SELECT track_id AS id FROM track_restatement ORDER BY track_id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
  const ids = waiting.map(({ id }) => id);
  if (ids.length === 0) return 0;
  // whoever changes one of them meanwhile states it after this
  await tx.$executeRaw`SELECT id FROM track WHERE id = ANY (${ids}::text[]) ORDER BY id FOR NO KEY UPDATE`;
  await tx.trackRestatement.deleteMany({ where: { trackId: { in: ids } } });
  await respellTracks(tx, ids);
  await describeTracks(tx, ids);
  return ids.length;
}
