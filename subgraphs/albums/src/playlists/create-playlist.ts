import { newId, PlaylistId, playlistDescribed, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { LongText, Title, Visibility } from '../domain/input-fields.ts';
import type { CreatePlaylistInput } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist } from '../models.ts';
import { SmartRules } from '../smart/rule.ts';
import { inTransaction, type Tx } from '../transaction.ts';

const NewPlaylist = z.object({
  title: Title,
  description: LongText,
  visibility: Visibility.nullish(),
  smart: SmartRules.nullish(),
});

/** Makes a playlist of the caller's: an empty one, or one that a rule fills. */
export async function createPlaylist(
  context: Context,
  input: CreatePlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { userId } = context.requireViewer();
  const fields = readInput(NewPlaylist, input);
  const playlist = await inTransaction(context.db, (tx) => putPlaylist(tx, userId, fields));
  context.forget();
  context.wakeRelay();
  return { playlist };
}

/** The row of a new playlist, and what states it. */
export async function putPlaylist(
  tx: Tx,
  ownerId: string,
  { title, description, visibility, smart }: z.infer<typeof NewPlaylist>,
): Promise<Playlist> {
  const row = await tx.playlist.create({
    data: {
      id: newId('Playlist'),
      ownerId,
      title,
      description: description ?? null,
      visibility: visibility ?? 'PRIVATE',
      smart: smart ? toJson(smart) : Prisma.DbNull,
    },
  });
  await statePlaylist(tx, row);
  return { ...row, viewerRole: 'OWNER' };
}

/** Tells the other services what a playlist is now. */
export async function statePlaylist(
  tx: Pick<Tx, 'outbox'>,
  playlist: Pick<Playlist, 'id' | 'ownerId' | 'title' | 'visibility'>,
): Promise<void> {
  const fact = {
    playlistId: PlaylistId.parse(playlist.id),
    ownerId: UserId.parse(playlist.ownerId),
    title: playlist.title,
    visibility: Visibility.parse(playlist.visibility),
  };
  await tx.outbox.create({ data: outboxRow(playlistDescribed, fact) });
}

export function toJson(rules: SmartRules): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(rules)) as Prisma.InputJsonObject;
}
