import { newId, PlaylistId, playlistDescribed, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { CreatePlaylistInput } from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';
import { LongText, Title } from './input-fields.ts';

const Visibility = z.enum(['PRIVATE', 'UNLISTED', 'PUBLIC']);
const NewPlaylist = z.object({ title: Title, description: LongText, visibility: Visibility.nullish() });

/** Makes an empty playlist of the caller's. */
export async function createPlaylist(
  context: Context,
  input: CreatePlaylistInput,
): Promise<{ playlist: Playlist }> {
  const ownerId = UserId.parse(context.requireViewer().userId);
  const { title, description = null, visibility } = readInput(NewPlaylist, input);
  const playlist = await context.db.$transaction(async (tx) => {
    const id = newId('Playlist');
    const fact = { playlistId: PlaylistId.parse(id), ownerId, title, visibility: visibility ?? 'PRIVATE' };
    await tx.outbox.create({ data: outboxRow(playlistDescribed, fact) });
    return tx.playlist.create({ data: { id, ownerId, title, description, visibility: fact.visibility } });
  });
  context.wakeRelay();
  return { playlist };
}
