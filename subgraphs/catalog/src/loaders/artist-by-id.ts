import { ArtistId } from '@volna/events';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Artist } from '../models.ts';

export type ArtistById = DataLoader<string, Artist | null>;

/** One query for all artists that a request names. What is no id of one finds nothing. */
export function createArtistById(db: Database): ArtistById {
  return new DataLoader(async (ids) => {
    const known = ids.filter((id) => ArtistId.safeParse(id).success);
    const artists = await db.artist.findMany({ where: { id: { in: known } } });
    const byId = new Map(artists.map((artist) => [artist.id, artist]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
