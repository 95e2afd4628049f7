import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { FollowPlaylistInput } from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';

/** Keeps a playlist that the caller may see in the caller's library. */
export async function followPlaylist(
  context: Context,
  { playlistId }: FollowPlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { userId } = context.requireViewer();
  const playlist = await findPlaylist(context, playlistId);
  if (playlist.ownerId === userId) {
    throw new UserError('BAD_USER_INPUT', 'the playlist is your own', ['playlistId']);
  }
  // deleted a moment ago: nothing is kept
  await context.db.$executeRaw`
    INSERT INTO playlist_follow (user_id, playlist_id)
    SELECT ${userId}, id FROM playlist WHERE id = ${playlistId} FOR SHARE
    ON CONFLICT DO NOTHING`;
  context.forget();
  return { playlist };
}

export async function unfollowPlaylist(
  context: Context,
  { playlistId }: FollowPlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { userId } = context.requireViewer();
  await context.db.playlistFollow.deleteMany({ where: { userId, playlistId } });
  context.forget();
  return { playlist: await findPlaylist(context, playlistId) };
}

/** A playlist that the viewer may see. */
export async function findPlaylist(context: Context, id: string, field = 'playlistId'): Promise<Playlist> {
  const playlist = await context.playlistById.load(id);
  if (!playlist) throw new UserError('NOT_FOUND', 'no such playlist', [field]);
  return playlist;
}
