import { ArtistId, artistCreated, artistTransferred, newId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Transaction } from '../database.ts';
import { openingsOf, RETELL_SQL, type Settled } from '../domain/openness.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Artist } from '../models.ts';
import { describeArtist } from './describe-artist.ts';
import { lockTracksOf, moveTracks } from './move-tracks.ts';
import { noteRestatement } from './restate-tracks.ts';

/**
 * Gives a page to another user, confirmed, with all that is on it, or else leaves its tracks to the former owner on a
 * page of the same name: a track is on a page of its own owner's always. The page is locked by the caller.
 */
export async function transferArtist(
  tx: Transaction,
  page: Artist,
  ownerId: string,
  withTracks: boolean,
): Promise<void> {
  const tracks = await lockTracksOf(tx, page.id);
  const left = withTracks || tracks.length === 0 ? null : await splitOff(tx, page, tracks);
  await tx.artist.update({ where: { id: page.id }, data: { ownerId, verifiedAt: new Date() } });
  if (!left) await giveTracks(tx, tracks, ownerId);
  await tx.moderationCase.updateMany({ where: { targetId: page.id }, data: { ownerId } });
  await giveCovers(tx, [page.id], ownerId);
  // an import goes on where the tracks of its owner are
  await tx.importSource.updateMany({ where: { artistId: page.id }, data: { artistId: left } });
  const transferred = artistTransferred.data.parse({
    artistId: page.id,
    ownerId,
    formerOwnerId: page.ownerId,
    formerOwnerPageId: left,
  });
  await tx.outbox.create({ data: outboxRow(artistTransferred, transferred) });
  await describeArtist(tx, page.id);
}

/** What counts by its owner goes along: files for the quota, cases for appeals. */
async function giveTracks(tx: Transaction, ids: readonly string[], ownerId: string): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`UPDATE track SET owner_id = ${ownerId} WHERE id = ANY (${ids}::text[])`;
  await tx.$executeRaw`UPDATE upload SET owner_id = ${ownerId} WHERE track_id = ANY (${ids}::text[])`;
  await tx.$executeRaw`UPDATE moderation_case SET owner_id = ${ownerId} WHERE target_id = ANY (${ids}::text[])`;
  await giveCovers(tx, ids, ownerId);
  const retold = await tx.$queryRawUnsafe<Settled[]>(RETELL_SQL, ids);
  await tx.outbox.createMany({ data: openingsOf(retold) });
  await noteRestatement(tx, Prisma.sql`SELECT unnest(${ids}::text[])`);
}

/** Pictures of pages and tracks that have been made: they count like other files. */
async function giveCovers(tx: Transaction, targets: readonly string[], ownerId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE upload SET owner_id = ${ownerId}
    WHERE target_id = ANY (${targets}::text[]) AND purpose = 'COVER' AND status = 'COMPLETED'`;
}

/** Gives the id of the page that the former owner keeps the tracks on. */
async function splitOff(tx: Transaction, page: Artist, tracks: readonly string[]): Promise<string> {
  const { ownerId, name, nameKey, bio, country, moderation } = page;
  const id = ArtistId.parse(newId('Artist'));
  const kept = await tx.artist.create({ data: { id, ownerId, name, nameKey, bio, country, moderation } });
  const created = artistCreated.data.parse({ artistId: id, ownerId, name });
  await tx.outbox.create({ data: outboxRow(artistCreated, created) });
  await describeArtist(tx, id);
  await moveTracks(tx, tracks, page, kept);
  return id;
}
