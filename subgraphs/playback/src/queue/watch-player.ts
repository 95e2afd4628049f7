import { playerMoved } from '@volna/events';
import { ClientError } from '@volna/platform/errors';
import { followRow } from '@volna/platform/follow-row';

import type { Context } from '../context.ts';
import type { Player } from '../models.ts';
import { findOwner } from './find-owner.ts';
import { readPlayer } from './player.ts';

/** A player as it is, then each change of it, for as long as the viewer may follow it. */
export async function watchPlayer(
  context: Context,
  roomId: string | null | undefined,
): Promise<AsyncIterableIterator<Player>> {
  const ownerId = await ownerOf(context, roomId);
  let seen = -1;
  return followRow<Player>({
    watch: (moved) => context.bus.listen(playerMoved, (told) => void (told.ownerId === ownerId && moved())),
    read: async () => readPlayer(context, await ownerOf(context, roomId)),
    isNews: ({ version }) => seen !== (seen = version),
    isLast: () => false,
    gone: noRoom,
  });
}

async function ownerOf(context: Context, roomId: string | null | undefined): Promise<string> {
  try {
    return await findOwner(context, roomId);
  } catch (err) {
    throw roomId ? noRoom() : err;
  }
}

const noRoom = () => new ClientError('NOT_FOUND', 'there is no such room');
