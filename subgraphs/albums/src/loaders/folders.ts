import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist, PlaylistFolder } from '../models.ts';
import { joinMember, playlistRow } from '../rows.ts';
import { playlistSeenBy } from '../visibility.ts';
import { createPageLoader } from './page-loader.ts';

/** Folders of the viewer's own. */
export function createFolderById(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, PlaylistFolder | null>(async (ids) => {
    const folders = await db.playlistFolder.findMany({
      where: { id: { in: [...ids] }, ownerId: viewer?.userId ?? '' },
    });
    const byId = new Map(folders.map((folder) => [folder.id, folder]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The viewer's folders that are in a folder, by name. */
export function createFoldersIn(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, PlaylistFolder[]>(async (ids) => {
    const folders = await db.playlistFolder.findMany({
      where: { parentId: { in: [...ids] }, ownerId: viewer?.userId ?? '' },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    });
    const byParent = Map.groupBy(folders, ({ parentId }) => parentId);
    return ids.map((id) => byParent.get(id) ?? []);
  });
}

/** The id of the folder that the viewer has put a playlist into. */
export function createFolderOfPlaylist(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, string | null>(async (ids) => {
    if (!viewer) return ids.map(() => null);
    const rows = await db.filedPlaylist.findMany({
      where: { userId: viewer.userId, playlistId: { in: [...ids] } },
    });
    const byPlaylist = new Map(rows.map(({ playlistId, folderId }) => [playlistId, folderId]));
    return ids.map((id) => byPlaylist.get(id) ?? null);
  });
}

/** Playlists in a folder that the viewer may see, newest first; the cursor is the id. */
export function createFolderPlaylistsPage(db: Database, viewer: Viewer | null) {
  return createPageLoader<Playlist, string>(
    (folderIds, { take, after }) => db.$queryRaw`
      SELECT w.id AS "parentId", page.* FROM unnest(${folderIds}::text[]) w (id)
      CROSS JOIN LATERAL (
        SELECT ${playlistRow(viewer)}
        FROM filed_playlist f JOIN playlist p ON p.id = f.playlist_id ${joinMember(viewer)}
        WHERE f.folder_id = w.id AND ${playlistSeenBy(viewer)}
          AND ${after === null ? Prisma.sql`TRUE` : Prisma.sql`p.id < ${after}`}
        ORDER BY p.id DESC LIMIT ${take}
      ) page`,
    ({ id }) => id,
  );
}
