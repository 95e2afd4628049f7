import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Playlist } from '../models.ts';
import { countSmart } from '../smart/find-smart.ts';
import { seenBy } from '../visibility.ts';

export interface StoredImage {
  readonly size: 'SMALL' | 'MEDIUM' | 'LARGE';
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

export interface AlbumSummary {
  readonly trackCount: number;
  readonly durationMs: number;
  /** Of the first track that has one. */
  readonly cover: readonly StoredImage[];
}

const EMPTY: AlbumSummary = { trackCount: 0, durationMs: 0, cover: [] };

/** What is told of an album's tracks together, of those that the viewer may see. */
export function createAlbumSummary(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, AlbumSummary>(async (albumIds) => {
    const rows = await db.$queryRaw<(AlbumSummary & { albumId: string })[]>`
      SELECT p.album_id AS "albumId", count(*)::int AS "trackCount",
        coalesce(sum(t.duration_ms), 0)::int AS "durationMs",
        coalesce((array_agg(t.cover ORDER BY p.position) FILTER (WHERE t.cover <> '[]'))[1], '[]') AS cover
      FROM album_track p JOIN track_ref t ON t.id = p.track_id
      WHERE p.album_id = ANY (${albumIds}) AND ${seenBy(viewer)}
      GROUP BY p.album_id`;
    const byAlbum = new Map(rows.map((row) => [row.albumId, row]));
    return albumIds.map((id) => byAlbum.get(id) ?? EMPTY);
  });
}

/** How many items a playlist has; of a smart one, how many tracks its rule finds for the viewer. */
export function createPlaylistCount(db: Database, viewer: Viewer | null) {
  return new DataLoader<Playlist, number, string>(
    async (playlists) => {
      const kinds = Map.groupBy(playlists, ({ smart }) => (smart === null ? 'kept' : 'smart'));
      const [kept, found] = await Promise.all([
        countKept(db, kinds.get('kept') ?? []),
        countSmart(db, viewer, kinds.get('smart') ?? []),
      ]);
      return playlists.map(({ id }) => kept.get(id) ?? found.get(id) ?? 0);
    },
    { cacheKeyFn: ({ id }) => id },
  );
}

async function countKept(db: Database, playlists: readonly Playlist[]): Promise<Map<string, number>> {
  if (playlists.length === 0) return new Map();
  const counts = await db.playlistItem.groupBy({
    by: ['playlistId'],
    where: { playlistId: { in: playlists.map(({ id }) => id) } },
    _count: true,
  });
  return new Map(counts.map(({ playlistId, _count }) => [playlistId, _count]));
}
