import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { Title } from '../domain/input-fields.ts';
import type {
  CreatePlaylistFolderInput,
  DeletePlaylistFolderInput,
  FilePlaylistInput,
  UpdatePlaylistFolderInput,
} from '../generated/graphql.ts';
import type { Playlist, PlaylistFolder } from '../models.ts';
import { inTransaction, type Tx } from '../transaction.ts';
import { findPlaylist } from './follow-playlist.ts';

const MAX_DEPTH = 5;
const MAX_FOLDERS = 500;

const NewFolder = z.object({ name: Title });
const Changes = z.object({ name: Title.nullish() });

export async function createPlaylistFolder(
  context: Context,
  input: CreatePlaylistFolderInput,
): Promise<{ folder: PlaylistFolder }> {
  const { userId: ownerId } = context.requireViewer();
  const { name } = readInput(NewFolder, input);
  const parentId = input.parentId ?? null;
  const folder = await alone(context, async (tx) => {
    const folders = await readFolders(tx, ownerId);
    if (folders.size >= MAX_FOLDERS)
      throw new UserError('TOO_MANY_FOLDERS', `at most ${MAX_FOLDERS} folders`, null);
    checkNesting(folders, parentId, 1);
    return tx.playlistFolder.create({ data: { id: newId('PlaylistFolder'), ownerId, parentId, name } });
  });
  return { folder };
}

/** Renames a folder, moves it with all that is in it, or both. */
export async function updatePlaylistFolder(
  context: Context,
  input: UpdatePlaylistFolderInput,
): Promise<{ folder: PlaylistFolder }> {
  const { userId: ownerId } = context.requireViewer();
  const { name } = readInput(Changes, input);
  const { folderId: id, parentId } = input;
  const folder = await alone(context, async (tx) => {
    const folders = await readFolders(tx, ownerId);
    needFolder(folders, id, 'folderId');
    if (parentId !== undefined) {
      if (pathOf(folders, parentId).includes(id))
        throw new UserError('FOLDER_IN_ITSELF', 'a folder cannot be in itself', ['parentId']);
      checkNesting(folders, parentId, heightOf(folders, id));
    }
    const data = { ...(name && { name }), ...(parentId !== undefined && { parentId }) };
    return tx.playlistFolder.update({ where: { id }, data });
  });
  return { folder };
}

/** Removes a folder with those in it; playlists in them are in no folder then. */
export async function deletePlaylistFolder(context: Context, { folderId }: DeletePlaylistFolderInput) {
  const { userId: ownerId } = context.requireViewer();
  return alone(context, async (tx) => {
    const folders = await readFolders(tx, ownerId);
    needFolder(folders, folderId, 'folderId');
    const gone = [...folders.keys()].filter((id) => pathOf(folders, id).includes(folderId));
    const unfiledPlaylistCount = await tx.filedPlaylist.count({ where: { folderId: { in: gone } } });
    await tx.playlistFolder.delete({ where: { id: folderId } });
    return { folderId, removedFolderCount: gone.length, unfiledPlaylistCount };
  });
}

/** Puts a playlist that the caller may see into a folder of the caller's, or out of any. */
export async function filePlaylist(
  context: Context,
  { playlistId, folderId }: FilePlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { userId } = context.requireViewer();
  const playlist = await findPlaylist(context, playlistId);
  await alone(context, async (tx) => {
    const where = { userId_playlistId: { userId, playlistId } };
    if (folderId == null) return tx.filedPlaylist.deleteMany({ where: { userId, playlistId } });
    needFolder(await readFolders(tx, userId), folderId, 'folderId');
    return tx.filedPlaylist.upsert({ where, create: { userId, playlistId, folderId }, update: { folderId } });
  });
  return { playlist };
}

/** One change of a user's folders after the other: two moves could make a circle that neither of them sees. */
async function alone<Result>(context: Context, run: (tx: Tx) => Promise<Result>): Promise<Result> {
  const { userId } = context.requireViewer();
  const result = await inTransaction(context.db, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${userId}, 0))`;
    return run(tx);
  });
  context.forget();
  return result;
}

/** Whose parent is what. */
type Folders = ReadonlyMap<string, string | null>;

async function readFolders(tx: Tx, ownerId: string): Promise<Folders> {
  const rows = await tx.playlistFolder.findMany({ where: { ownerId }, select: { id: true, parentId: true } });
  return new Map(rows.map(({ id, parentId }) => [id, parentId]));
}

function needFolder(folders: Folders, id: string, field: string): void {
  if (!folders.has(id)) throw new UserError('NOT_FOUND', 'no such folder of yours', [field]);
}

function checkNesting(folders: Folders, parentId: string | null, height: number): void {
  if (parentId !== null) needFolder(folders, parentId, 'parentId');
  if (pathOf(folders, parentId).length + height > MAX_DEPTH)
    throw new UserError('FOLDER_TOO_DEEP', `folders nest at most ${MAX_DEPTH} deep`, ['parentId']);
}

/** A folder and those that it is in. */
function pathOf(folders: Folders, id: string | null): string[] {
  return id === null ? [] : [id, ...pathOf(folders, folders.get(id) ?? null)];
}

function heightOf(folders: Folders, id: string): number {
  const inside = [...folders].filter(([, parentId]) => parentId === id);
  return 1 + Math.max(0, ...inside.map(([child]) => heightOf(folders, child)));
}
