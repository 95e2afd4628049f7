import type { DataOf, artistCreated, artistUpdated } from '@volna/events';
import type { Delivery } from '@volna/platform/bus';

import type { Tx } from '../transaction.ts';

type Stated = Pick<Delivery, 'occurredAt'>;

/** Learns of a new artist page. */
export function noteArtist(tx: Tx, event: DataOf<typeof artistCreated>, stated: Stated): Promise<void> {
  return keep(tx, { ...event, isOpen: true }, stated);
}

/** Learns what an artist page is called now, whose it is and whether it may be seen. */
export function describeArtist(tx: Tx, event: DataOf<typeof artistUpdated>, stated: Stated): Promise<void> {
  return keep(tx, event, stated);
}

interface Facts {
  readonly artistId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly isOpen: boolean;
}

/** Of two statements the later one stands, and none brings back a page that is gone. */
async function keep(tx: Tx, facts: Facts, { occurredAt }: Stated): Promise<void> {
  const { artistId: id, ownerId, name, isOpen } = facts;
  await tx.artistRef.createMany({ data: [{ id, ownerId }], skipDuplicates: true });
  await tx.artistRef.updateMany({
    where: { id, deleted: false, OR: [{ statedAt: null }, { statedAt: { lte: occurredAt } }] },
    data: { ownerId, name, isOpen, statedAt: occurredAt },
  });
}
