import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { RemoveFromPlaylistInput } from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';
import { changePlaylist, needKept } from './change-playlist.ts';

const Removed = z.object({
  itemIds: z.array(z.string()).min(1, 'name an item').max(100, 'at most 100 items'),
});

/** Takes items off a playlist that the caller edits. Two editors may take the same one off. */
export async function removeFromPlaylist(
  context: Context,
  input: RemoveFromPlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { itemIds } = readInput(Removed, input);
  const { playlistId } = input;
  return changePlaylist(context, playlistId, 'EDITOR', async (tx, playlist) => {
    needKept(playlist);
    const where = { playlistId, id: { in: itemIds } };
    const there = await tx.playlistItem.findMany({ where, select: { id: true } });
    if (there.length === 0) return null;
    await tx.playlistItem.deleteMany({ where });
    return { kind: 'ITEMS_REMOVED', itemIds: there.map(({ id }) => id) };
  });
}
