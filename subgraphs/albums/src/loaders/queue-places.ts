import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { NOT_TWICE, seenBy, shownFor } from '../visibility.ts';

export interface QueuePlace {
  readonly id: string;
  readonly disc: number;
  readonly position: number;
  readonly durationMs: number | null;
}

/** All tracks of an album that the viewer may hear, in order. */
export function createQueuePlaces(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, QueuePlace[]>(async (albumIds) => {
    const rows = await db.$queryRaw<(QueuePlace & { albumId: string })[]>`
      SELECT p.album_id AS "albumId", t.id, p.disc, p.position, t.duration_ms AS "durationMs"
      FROM album_track p JOIN ${shownFor(Prisma.sql`p.track_id`)}
      WHERE p.album_id = ANY (${albumIds}) AND ${seenBy(viewer)} AND ${NOT_TWICE}
      ORDER BY p.album_id, p.position`;
    const byAlbum = Map.groupBy(rows, ({ albumId }) => albumId);
    return albumIds.map((id) => byAlbum.get(id) ?? []);
  });
}
