import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { TrackGenre } from '../generated/prisma/client.ts';

export type GenresByTrack = DataLoader<string, TrackGenre[]>;

/** The genres of each track: what people say first, then the surest. */
export function createGenresByTrack(db: Database): GenresByTrack {
  return new DataLoader(async (trackIds) => {
    const genres = await db.trackGenre.findMany({
      where: { trackId: { in: [...trackIds] } },
      orderBy: [{ source: 'asc' }, { confidence: 'desc' }, { name: 'asc' }],
    });
    const byTrack = Map.groupBy(genres, ({ trackId }) => trackId);
    return trackIds.map((id) => byTrack.get(id) ?? []);
  });
}
