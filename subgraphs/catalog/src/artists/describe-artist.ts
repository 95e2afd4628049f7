import { artistUpdated } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Transaction } from '../database.ts';

/** States an artist page as the transaction leaves it: call it after whatever others show of a page has changed. */
export async function describeArtist(tx: Transaction, id: string): Promise<void> {
  const artist = await tx.artist.findUnique({ where: { id } });
  if (!artist) return;
  const { ownerId, name, verifiedAt, moderation, picture } = artist;
  const stated = artistUpdated.data.parse({
    artistId: id,
    ownerId,
    name,
    isVerified: verifiedAt !== null,
    isOpen: moderation === 'CLEAR',
    picture,
  });
  await tx.outbox.create({ data: outboxRow(artistUpdated, stated) });
}
