import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist, StoredImages } from '../models.ts';
import { findSmart } from '../smart/find-smart.ts';
import { seenBy, shownFor } from '../visibility.ts';

interface Row {
  readonly id: string;
  readonly cover: StoredImages;
}

/** The cover of a playlist's first track that the viewer may see; none where that has none. */
export function createPlaylistCover(db: Database, viewer: Viewer | null) {
  return new DataLoader<Playlist, StoredImages, string>(
    async (playlists) => {
      const kinds = Map.groupBy(playlists, ({ smart }) => (smart === null ? 'kept' : 'smart'));
      const found = await Promise.all([
        ofKept(db, viewer, kinds.get('kept') ?? []),
        ofSmart(db, viewer, kinds.get('smart') ?? []),
      ]);
      const byId = new Map(found.flat().map(({ id, cover }) => [id, cover]));
      return playlists.map(({ id }) => byId.get(id) ?? []);
    },
    { cacheKeyFn: ({ id }) => id },
  );
}

async function ofKept(db: Database, viewer: Viewer | null, playlists: readonly Playlist[]): Promise<Row[]> {
  if (playlists.length === 0) return [];
  return db.$queryRaw<Row[]>`
    SELECT l.id, first.cover FROM unnest(${playlists.map(({ id }) => id)}::text[]) l (id)
    CROSS JOIN LATERAL (
      SELECT t.cover FROM playlist_item i JOIN ${shownFor(Prisma.sql`i.track_id`)}
      WHERE i.playlist_id = l.id AND ${seenBy(viewer)} ORDER BY i.position LIMIT 1
    ) first`;
}

async function ofSmart(db: Database, viewer: Viewer | null, playlists: readonly Playlist[]): Promise<Row[]> {
  if (playlists.length === 0) return [];
  const first = await findSmart(db, viewer, playlists, { take: 1, after: null });
  const tracks = await db.trackRef.findMany({
    where: { id: { in: first.map(({ trackId }) => trackId) } },
    select: { id: true, cover: true },
  });
  const covers = new Map(tracks.map(({ id, cover }) => [id, cover as unknown as StoredImages]));
  return first.map(({ parentId, trackId }) => ({ id: parentId, cover: covers.get(trackId) ?? [] }));
}
