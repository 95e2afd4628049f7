import { type DataOf, newId, type trackImported } from '@volna/events';
import type { Delivery } from '@volna/platform/bus';

import { putCredits } from '../artists/credits.ts';
import type { Tx } from '../transaction.ts';
import { discOf, importKeyOf, type ImportedFacts, readFacts } from './album-of.ts';
import { lockImports, settleImported } from './settle-imported.ts';

type Imported = DataOf<typeof trackImported>;

/**
 * Puts a track that came from a library of files on the album that its files name: the owner's album of that artist and
 * title which imports have made, or a new one. What is said again changes nothing, and the order of events counts for
 * nothing. A track whose album a person has deleted does not bring it back.
 */
export async function noteImportedTrack(
  tx: Tx,
  event: Imported,
  { occurredAt }: Pick<Delivery, 'occurredAt'>,
): Promise<void> {
  const { trackId, ownerId, albumArtistId: artistId } = event;
  await lockImports(tx, ownerId);
  const isGone = await tx.trackRef.count({ where: { id: trackId, deleted: true } });
  const isPageGone = await tx.artistRef.count({ where: { id: artistId, deleted: true } });
  const before = await tx.importedTrack.findUnique({ where: { trackId } });
  if (isGone + isPageGone > 0 || (before && before.statedAt > new Date(occurredAt))) return;

  const facts = readFacts(event);
  const importKey = importKeyOf(facts.title);
  const isSameAlbum = before?.artistId === artistId && before.importKey === importKey;
  const albumId = isSameAlbum ? before.albumId : await findAlbum(tx, { ownerId, artistId, importKey, facts });
  const place = { disc: discOf(event.disc), number: event.number };
  const row = { ownerId, artistId, importKey, albumId, ...place, facts, statedAt: occurredAt };
  await tx.importedTrack.upsert({ where: { trackId }, create: { trackId, ...row }, update: row });
  if (albumId) await settleImported(tx, albumId, isSameAlbum ? null : trackId);
  if (before?.albumId && before.albumId !== albumId) await settleImported(tx, before.albumId);
}

interface Wanted {
  readonly ownerId: string;
  readonly artistId: string;
  readonly importKey: string;
  readonly facts: ImportedFacts;
}

async function findAlbum(tx: Tx, { facts, ...wanted }: Wanted): Promise<string> {
  const known = await tx.album.findFirst({ where: wanted, orderBy: { id: 'asc' }, select: { id: true } });
  if (known) return known.id;
  const data = {
    id: newId('Album'),
    ...wanted,
    title: facts.title,
    type: 'ALBUM',
    status: 'DRAFT',
    version: 0,
  };
  const { id } = await tx.album.create({ data });
  await putCredits(tx, id, wanted.artistId, []);
  return id;
}

/** Follows a track of which listeners may hear more or less than before. The caller holds the lock of its imports. */
export async function resettleAlbumOf(tx: Tx, trackId: string): Promise<void> {
  const row = await tx.importedTrack.findUnique({ where: { trackId }, select: { albumId: true } });
  if (row?.albumId) await settleImported(tx, row.albumId);
}

/** Takes a deleted track off the album that it was imported for. The caller holds the lock of its imports. */
export async function forgetImported(tx: Tx, trackId: string): Promise<void> {
  const row = await tx.importedTrack.findUnique({ where: { trackId }, select: { albumId: true } });
  if (!row) return;
  await tx.importedTrack.delete({ where: { trackId } });
  if (row.albumId) await settleImported(tx, row.albumId);
}
