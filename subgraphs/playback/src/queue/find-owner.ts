import { RoomId } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';

/** Whose player is meant: the viewer's own, or that of a room that the viewer is in. */
export async function findOwner(
  context: Pick<Context, 'db' | 'requireViewer'>,
  roomId: string | null | undefined,
): Promise<string> {
  const { userId } = context.requireViewer();
  if (roomId === null || roomId === undefined) return userId;
  const id = RoomId.safeParse(roomId).data;
  const member =
    id && (await context.db.roomMember.findUnique({ where: { roomId_userId: { roomId: id, userId } } }));
  if (!member) throw new UserError('NOT_FOUND', 'there is no such room', ['roomId']);
  return member.roomId;
}
