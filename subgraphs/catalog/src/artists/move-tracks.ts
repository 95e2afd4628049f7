import type { Transaction } from '../database.ts';
import { settleOpenness } from '../domain/settle-openness.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Artist } from '../models.ts';
import { noteRestatement } from './restate-tracks.ts';

/** Ids of the tracks on a page, which stay as they are until the transaction ends. */
export async function lockTracksOf(tx: Transaction, artistId: string): Promise<string[]> {
  const tracks = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM track WHERE artist_id = ${artistId} ORDER BY id FOR UPDATE`;
  return tracks.map(({ id }) => id);
}

/** Puts tracks of one page on another of the same owner's; what stands there of the old page's part is the new one's. */
export async function moveTracks(
  tx: Transaction,
  ids: readonly string[],
  from: Pick<Artist, 'id'>,
  to: Pick<Artist, 'id' | 'name' | 'nameKey'>,
): Promise<void> {
  if (ids.length === 0) return;
  const ofThese = Prisma.sql`track_id = ANY (${ids}::text[]) AND role = 'MAIN'`;
  // where both have made a track, the new page now stands in the place of the old one
  await tx.$executeRaw`
    DELETE FROM track_credit WHERE ${ofThese} AND artist_id = ${to.id} AND EXISTS (
      SELECT FROM track_credit old
      WHERE old.track_id = track_credit.track_id AND old.role = 'MAIN' AND old.artist_id = ${from.id})`;
  await tx.$executeRaw`
    UPDATE track_credit SET artist_id = ${to.id}, name = ${to.name}, name_key = ${to.nameKey}
    WHERE ${ofThese} AND artist_id = ${from.id}`;
  await closeGaps(tx, ids);
  await tx.$executeRaw`UPDATE track SET artist_id = ${to.id} WHERE id = ANY (${ids}::text[])`;
  await tx.importSource.updateMany({ where: { artistId: from.id }, data: { artistId: to.id } });
  await noteRestatement(tx, Prisma.sql`SELECT unnest(${ids}::text[])`);
  // pages may differ in what moderators say of them
  await settleOpenness(tx, ids);
}

/** Counts the credits of tracks from 0 again. By way of negative numbers: no two rows may have one place meanwhile. */
async function closeGaps(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE track_credit SET position = -1 - placed.place FROM (
      SELECT track_id, position, (row_number() OVER (PARTITION BY track_id ORDER BY position) - 1)::int AS place
      FROM track_credit WHERE track_id = ANY (${ids}::text[])
    ) AS placed
    WHERE track_credit.track_id = placed.track_id AND track_credit.position = placed.position
      AND placed.position <> placed.place`;
  await tx.$executeRaw`
    UPDATE track_credit SET position = -1 - position WHERE track_id = ANY (${ids}::text[]) AND position < 0`;
}
