import type { artistCreated, artistDeleted, artistUpdated, DataOf } from '@volna/events';
import type { Delivery } from '@volna/platform/bus';

import type { Transaction } from '../database.ts';
import { refreshTexts } from '../texts/refresh-texts.ts';
import { forgetEntry, isDeleted, putEntry } from './index-entries.ts';
import { lockIds } from './lock-ids.ts';

type Stated = Pick<Delivery, 'occurredAt'>;

/** Lets a new artist page be found. */
export function indexArtist(
  tx: Transaction,
  event: DataOf<typeof artistCreated>,
  stated: Stated,
): Promise<void> {
  return put(tx, { ...event, isOpen: true }, stated);
}

/** Lets an artist page be found by the name that it has now, or by nobody. */
export function describeArtist(
  tx: Transaction,
  event: DataOf<typeof artistUpdated>,
  stated: Stated,
): Promise<void> {
  return put(tx, event, stated);
}

/** Its albums are stated by who owns them. */
export async function forgetArtist(
  tx: Transaction,
  { artistId }: DataOf<typeof artistDeleted>,
): Promise<void> {
  await forgetEntry(tx, artistId);
}

interface Facts {
  readonly artistId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly isOpen: boolean;
}

/**
 * Of two statements the later one stands. Albums are found by their artist's name too, whichever of them is known
 * first.
 */
async function put(tx: Transaction, facts: Facts, { occurredAt }: Stated): Promise<void> {
  const { artistId, ownerId, name, isOpen } = facts;
  const statedAt = new Date(occurredAt);
  await lockIds(tx, [artistId]);
  if (await isDeleted(tx, artistId)) return;
  const known = await tx.searchEntry.findUnique({ where: { id: artistId }, select: { statedAt: true } });
  if (known?.statedAt && known.statedAt > statedAt) return;
  const entry = { kind: 'ARTIST', ownerId, isPublic: isOpen, artistId, year: null, title: name, statedAt };
  await putEntry(tx, artistId, entry);
  const albums = await tx.searchEntry.findMany({ where: { artistId, kind: 'ALBUM' }, select: { id: true } });
  await refreshTexts(tx, [artistId, ...albums.map(({ id }) => id)]);
}
