import { UserId } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type {
  LeavePlaylistInput,
  RemovePlaylistMemberInput,
  SetPlaylistMemberInput,
} from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';
import { inTransaction, type Tx } from '../transaction.ts';
import { changePlaylist, readPlaylist, tellMoved } from './change-playlist.ts';
import { logChange } from './log-change.ts';

const MAX_MEMBERS = 200;

/** Gives a user a part in a playlist of the caller's own. */
export async function setPlaylistMember(
  context: Context,
  { playlistId, userId, role }: SetPlaylistMemberInput,
): Promise<{ playlist: Playlist }> {
  if (!UserId.safeParse(userId).success) {
    throw new UserError('BAD_USER_INPUT', 'not the id of a user', ['userId']);
  }
  return changePlaylist(context, playlistId, 'OWNER', async (tx, { ownerId }) => {
    if (userId === ownerId) throw new UserError('BAD_USER_INPUT', 'the owner has every right', ['userId']);
    await putMember(tx, playlistId, userId, role);
    return { kind: 'CHANGED' };
  });
}

/** Lets a user have a part; the caller holds the playlist's lock. */
export async function putMember(tx: Tx, playlistId: string, userId: string, role: string): Promise<void> {
  const where = { playlistId_userId: { playlistId, userId } };
  const known = await tx.playlistMember.findUnique({ where });
  if (!known && (await tx.playlistMember.count({ where: { playlistId } })) >= MAX_MEMBERS) {
    throw new UserError('PLAYLIST_FULL', `a playlist has at most ${MAX_MEMBERS} members`);
  }
  await tx.playlistMember.upsert({ where, create: { playlistId, userId, role }, update: { role } });
}

/** Takes a user's part in a playlist of the caller's own away; none is no error. */
export async function removePlaylistMember(
  context: Context,
  { playlistId, userId }: RemovePlaylistMemberInput,
): Promise<{ playlist: Playlist }> {
  return changePlaylist(context, playlistId, 'OWNER', async (tx) => {
    const { count } = await tx.playlistMember.deleteMany({ where: { playlistId, userId } });
    return count === 0 ? null : { kind: 'CHANGED' };
  });
}

/** Gives up the caller's part in somebody else's playlist. */
export async function leavePlaylist(context: Context, { playlistId }: LeavePlaylistInput) {
  const { userId } = context.requireViewer();
  await inTransaction(context.db, async (tx) => {
    await tx.$queryRaw`SELECT id FROM playlist WHERE id = ${playlistId} FOR UPDATE`;
    const playlist = await readPlaylist(tx, context, playlistId);
    if (!playlist?.viewerRole) {
      throw new UserError('NOT_FOUND', 'you have no part in such a playlist', ['playlistId']);
    }
    if (playlist.viewerRole === 'OWNER') {
      throw new UserError('FORBIDDEN', 'the owner stays: delete the playlist instead', ['playlistId']);
    }
    await tx.playlistMember.deleteMany({ where: { playlistId, userId } });
    await logChange(tx, playlistId, { kind: 'CHANGED', actorId: userId });
  });
  tellMoved(context, playlistId);
  return { playlistId };
}
