import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist, StoredImages } from '../models.ts';
import { countSmart } from '../smart/find-smart.ts';
import { NOT_TWICE, seenBy, shownFor } from '../visibility.ts';

export interface AlbumSummary {
  readonly trackCount: number;
  readonly durationMs: number;
  /** Of the first track that has one. */
  readonly cover: StoredImages;
}

const EMPTY: AlbumSummary = { trackCount: 0, durationMs: 0, cover: [] };

/** What is told of an album's tracks together, of those that the viewer may see. */
export function createAlbumSummary(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, AlbumSummary>(async (albumIds) => {
    const rows = await db.$queryRaw<(AlbumSummary & { albumId: string })[]>`
      SELECT p.album_id AS "albumId", count(*)::int AS "trackCount",
        coalesce(sum(t.duration_ms), 0)::int AS "durationMs",
        coalesce((array_agg(t.cover ORDER BY p.position) FILTER (WHERE t.cover <> '[]'))[1], '[]') AS cover
      FROM album_track p JOIN ${shownFor(Prisma.sql`p.track_id`)}
      WHERE p.album_id = ANY (${albumIds}) AND ${seenBy(viewer)} AND ${NOT_TWICE}
      GROUP BY p.album_id`;
    const byAlbum = new Map(rows.map((row) => [row.albumId, row]));
    return albumIds.map((id) => byAlbum.get(id) ?? EMPTY);
  });
}

/** How many tracks of a playlist, or of what the rule of a smart one finds, the viewer may hear. */
export function createPlaylistCount(db: Database, viewer: Viewer | null) {
  return new DataLoader<Playlist, number, string>(
    async (playlists) => {
      const kinds = Map.groupBy(playlists, ({ smart }) => (smart === null ? 'kept' : 'smart'));
      const [kept, found] = await Promise.all([
        countKept(db, viewer, kinds.get('kept') ?? []),
        countSmart(db, viewer, kinds.get('smart') ?? []),
      ]);
      return playlists.map(({ id }) => kept.get(id) ?? found.get(id) ?? 0);
    },
    { cacheKeyFn: ({ id }) => id },
  );
}

async function countKept(
  db: Database,
  viewer: Viewer | null,
  playlists: readonly Playlist[],
): Promise<Map<string, number>> {
  if (playlists.length === 0) return new Map();
  const counts = await db.$queryRaw<{ id: string; count: number }[]>`
    SELECT i.playlist_id AS id, count(*)::int AS count
    FROM playlist_item i JOIN ${shownFor(Prisma.sql`i.track_id`)}
    WHERE i.playlist_id = ANY (${playlists.map(({ id }) => id)}) AND ${seenBy(viewer)}
    GROUP BY i.playlist_id`;
  return new Map(counts.map(({ id, count }) => [id, count]));
}
