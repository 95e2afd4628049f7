import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Reaction } from '../generated/graphql.ts';

/** What the viewer feels about each track: NONE where nothing is said, null for a stranger. */
export function createReactionTo(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Reaction | null>(async (trackIds) => {
    if (!viewer) return trackIds.map(() => null);
    const rows = await db.reaction.findMany({
      where: { userId: viewer.userId, trackId: { in: [...trackIds] } },
    });
    const byTrack = new Map(rows.map(({ trackId, reaction }) => [trackId, reaction as Reaction]));
    return trackIds.map((id) => byTrack.get(id) ?? 'NONE');
  });
}
