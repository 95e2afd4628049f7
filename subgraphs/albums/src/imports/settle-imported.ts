import { AlbumId, albumDeleted, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import { lockAlbums } from '../artists/credits.ts';
import { sortDateOf } from '../domain/album-fields.ts';
import { MAX_ALBUM_TRACKS, type Place, putOrder, readOrder } from '../domain/album-order.ts';
import { stateAlbum } from '../domain/state-album.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Album } from '../models.ts';
import type { Tx } from '../transaction.ts';
import { albumOf, ImportedFacts, type ImportedPlace, inOrder, withPlace } from './album-of.ts';

type Row = ImportedPlace & { readonly isOpen: boolean };

/** One change at a time of what has been imported for an owner. Take this before the lock of an album. */
export async function lockImports(tx: Tx, ownerId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`imports of ${ownerId}`}))`;
}

/**
 * Lets an album be what its imported tracks make of it, and states what that changes. To one that a person has changed
 * since, it only adds a track that is new there. An album that nobody has changed goes with its last track, and is
 * released with the first one that listeners may hear. The caller holds the lock of the owner's imports.
 */
export async function settleImported(tx: Tx, albumId: string, addedId: string | null = null): Promise<void> {
  const [album] = await lockAlbums(tx, Prisma.sql`a.id = ${albumId}`);
  if (!album) return;
  const rows = await readImported(tx, albumId);
  if (album.editedAt) await addTo(tx, album, rows, addedId);
  else if (rows.length === 0) await remove(tx, album);
  else await rebuild(tx, album, inOrder(rows));
}

async function readImported(tx: Tx, albumId: string): Promise<Row[]> {
  const rows = await tx.$queryRaw<(Omit<Row, 'facts'> & { facts: unknown })[]>`
    SELECT i.track_id AS "trackId", i.disc, i.number, i.facts, coalesce(t.is_open, FALSE) AS "isOpen"
    FROM imported_track i LEFT JOIN track_ref t ON t.id = i.track_id WHERE i.album_id = ${albumId}`;
  return rows.map((row) => ({ ...row, facts: ImportedFacts.parse(row.facts) }));
}

async function rebuild(tx: Tx, album: Album, rows: readonly Row[]): Promise<void> {
  const { id, ownerId } = album;
  const made = albumOf(rows);
  const wanted = {
    ...made,
    upc: (await isTaken(tx, album, made.upc)) ? null : made.upc,
    sortDate: sortDateOf(made.releaseDate, album.createdAt),
    status: rows.some(({ isOpen }) => isOpen) ? 'RELEASED' : 'DRAFT',
  };
  const places = rows.map(({ trackId, disc }) => ({ trackId, disc }));
  const isReordered = !isSame(places, await readOrder(tx, id));
  const keys = Object.keys(wanted) as (keyof typeof wanted)[];
  const isDescribed = keys.some((key) => wanted[key] !== album[key]) || album.version === 0;
  if (isReordered) await putOrder(tx, id, places);
  if (!isReordered && !isDescribed) return;
  const data = { ...wanted, version: { increment: 1 }, updatedAt: new Date() };
  const changed = await tx.album.update({ where: { id, ownerId }, data });
  if (isDescribed) await stateAlbum(tx, changed);
}

async function addTo(tx: Tx, album: Album, rows: readonly Row[], addedId: string | null): Promise<void> {
  const added = rows.find(({ trackId }) => trackId === addedId);
  const places = await readOrder(tx, album.id);
  const isThere = places.some(({ trackId }) => trackId === addedId);
  if (!added || isThere || places.length >= MAX_ALBUM_TRACKS) return;
  await putOrder(tx, album.id, withPlace(places, added, new Map(rows.map((row) => [row.trackId, row]))));
  const data = { version: { increment: 1 }, updatedAt: new Date() };
  await tx.album.update({ where: { id: album.id }, data });
}

async function remove(tx: Tx, { id, ownerId }: Album): Promise<void> {
  await tx.album.delete({ where: { id } });
  const fact = { albumId: AlbumId.parse(id), ownerId: UserId.parse(ownerId) };
  await tx.outbox.create({ data: outboxRow(albumDeleted, fact) });
}

async function isTaken(tx: Tx, { id, ownerId }: Album, upc: string | null): Promise<boolean> {
  return upc !== null && (await tx.album.count({ where: { ownerId, upc, id: { not: id } } })) > 0;
}

function isSame(one: readonly Place[], other: readonly Place[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ trackId, disc }, at) => trackId === other[at]?.trackId && disc === other[at].disc)
  );
}
