import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { LongText, Title, Visibility } from '../domain/input-fields.ts';
import type { UpdatePlaylistInput } from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';
import { SmartRules } from '../smart/rule.ts';
import { changePlaylist } from './change-playlist.ts';
import { statePlaylist, toJson } from './create-playlist.ts';

const Changes = z.object({
  title: Title.nullish(),
  description: LongText,
  visibility: Visibility.nullish(),
  smart: SmartRules.nullish(),
});

/** Changes what is given of a playlist; who sees it and what fills it is the owner's to say. */
export async function updatePlaylist(
  context: Context,
  input: UpdatePlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { title, description, visibility, smart } = readInput(Changes, input);
  const needed = visibility || smart ? 'OWNER' : 'EDITOR';
  return changePlaylist(context, input.playlistId, needed, async (tx, playlist) => {
    if (smart && playlist.smart === null) {
      throw new UserError('WRONG_PLAYLIST_KIND', 'people fill this playlist', ['smart']);
    }
    const changed = {
      ...(title && { title }),
      ...(description !== undefined && { description }),
      ...(visibility && { visibility }),
    };
    const where = { id: playlist.id };
    await tx.playlist.update({ where, data: { ...changed, ...(smart && { smart: toJson(smart) }) } });
    await statePlaylist(tx, { ...playlist, ...changed });
    return { kind: 'CHANGED' };
  });
}
