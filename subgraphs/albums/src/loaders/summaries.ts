import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
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

export function createPlaylistCount(db: Database) {
  return new DataLoader<string, number>(async (ids) => {
    const counts = await db.playlistItem.groupBy({
      by: ['playlistId'],
      where: { playlistId: { in: [...ids] } },
      _count: true,
    });
    const byPlaylist = new Map(counts.map(({ playlistId, _count }) => [playlistId, _count]));
    return ids.map((id) => byPlaylist.get(id) ?? 0);
  });
}
