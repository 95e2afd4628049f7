import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Artist } from '../models.ts';

export type ArtistsByOwner = DataLoader<string, Artist[]>;

/** The artist pages of each user, the oldest first. */
export function createArtistsByOwner(db: Database): ArtistsByOwner {
  return new DataLoader(async (ownerIds) => {
    const artists = await db.artist.findMany({
      where: { ownerId: { in: [...ownerIds] } },
      orderBy: { id: 'asc' },
    });
    const byOwner = Map.groupBy(artists, ({ ownerId }) => ownerId);
    return ownerIds.map((id) => byOwner.get(id) ?? []);
  });
}
