import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Track } from '../models.ts';
import { seenBy, shownFor } from '../visibility.ts';

/** Tracks that the viewer may see, merged ones as their targets; of any other not even the id is told. */
export function createSeenTrack(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Track | null>(async (ids) => {
    const rows = await db.$queryRaw<(Track & { named: string })[]>`
      SELECT w.id AS named, t.id FROM unnest(${ids}::text[]) w (id)
      JOIN ${shownFor(Prisma.sql`w.id`)} WHERE ${seenBy(viewer)}`;
    const byId = new Map(rows.map(({ named, id }) => [named, { id }]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
