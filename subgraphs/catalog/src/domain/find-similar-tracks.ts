import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import type { Track } from '../models.ts';
import { visibleTo } from './visibility.ts';

const MOST = 10;

/** Other tracks of the same title by the same artist that the viewer may see, the newest first. */
export async function findSimilarTracks(
  { db }: Pick<Deps, 'db'>,
  viewer: Viewer,
  { id, titleKey, artistId }: Track,
): Promise<Track[]> {
  return db.track.findMany({
    where: { AND: [visibleTo(viewer), { titleKey, artistId, id: { not: id }, mergedIntoId: null }] },
    orderBy: { id: 'desc' },
    take: MOST,
  });
}
