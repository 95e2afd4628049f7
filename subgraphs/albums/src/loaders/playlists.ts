import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist } from '../models.ts';
import { joinMember, playlistRow } from '../rows.ts';
import { playlistSeenBy } from '../visibility.ts';
import { createPageLoader } from './page-loader.ts';

/** Playlists that the viewer may see; a private one without a part in it is as good as missing. */
export function createPlaylistById(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Playlist | null>(async (ids) => {
    const playlists = await db.$queryRaw<Playlist[]>`
      SELECT ${playlistRow(viewer)} FROM playlist p ${joinMember(viewer)}
      WHERE p.id = ANY (${ids}) AND ${playlistSeenBy(viewer)}`;
    const byId = new Map(playlists.map((playlist) => [playlist.id, playlist]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** A user's playlists, newest first; the cursor is the id. Others find the public ones, and those they have a part in. */
export function createPlaylistsPage(db: Database, viewer: Viewer | null) {
  return createPageLoader<Playlist, string>(
    (ownerIds, { take, after }) => db.$queryRaw`
      SELECT w.id AS "parentId", page.* FROM unnest(${ownerIds}::text[]) w (id)
      CROSS JOIN LATERAL (
        SELECT ${playlistRow(viewer)} FROM playlist p ${joinMember(viewer)}
        WHERE p.owner_id = w.id AND ${playlistSeenBy(viewer)}
          AND (p.visibility <> 'UNLISTED' OR p.owner_id = ${viewer?.userId ?? ''} OR m.role IS NOT NULL)
          AND ${after === null ? Prisma.sql`TRUE` : Prisma.sql`p.id < ${after}`}
        ORDER BY p.id DESC LIMIT ${take}
      ) page`,
    ({ id }) => id,
  );
}

export interface Followers {
  readonly count: number;
  readonly withViewer: boolean;
}

export function createFollowersOf(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Followers>(async (ids) => {
    const rows = await db.$queryRaw<(Followers & { playlistId: string })[]>`
      SELECT playlist_id AS "playlistId", count(*)::int AS count,
        bool_or(user_id = ${viewer?.userId ?? ''}) AS "withViewer"
      FROM playlist_follow WHERE playlist_id = ANY (${ids}) GROUP BY playlist_id`;
    const byId = new Map(rows.map((row) => [row.playlistId, row]));
    return ids.map((id) => byId.get(id) ?? { count: 0, withViewer: false });
  });
}

/** Invites that are still good, oldest first. */
export function createInvitesOf(db: Database) {
  return new DataLoader(async (ids: readonly string[]) => {
    const rows = await db.playlistInvite.findMany({
      where: { playlistId: { in: [...ids] }, expiresAt: { gt: new Date() } },
      orderBy: { id: 'asc' },
    });
    const byPlaylist = Map.groupBy(rows, ({ playlistId }) => playlistId);
    return ids.map((id) => byPlaylist.get(id) ?? []);
  });
}
