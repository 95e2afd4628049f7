import { randomBytes } from 'node:crypto';

import { newId, playerMoved, RoomId } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { Room } from '../models.ts';

const MAX_NAME = 100;
const MAX_MEMBERS = 100;
/** Rooms that one user hosts at a time. */
const MAX_HOSTED = 20;

/** Opens a room whose queue all its members hear at the same time, and may change. */
export async function openRoom(context: Context, rawName: string): Promise<Room> {
  const { userId } = context.requireViewer();
  const name = rawName.normalize('NFC').trim();
  if (name === '' || name.length > MAX_NAME) {
    throw new UserError('BAD_USER_INPUT', `a name has 1–${MAX_NAME} characters`, ['name']);
  }
  if ((await context.db.room.count({ where: { hostId: userId } })) >= MAX_HOSTED) {
    throw new UserError('TOO_MANY_ROOMS', `nobody hosts more than ${MAX_HOSTED} rooms`, ['name']);
  }
  const code = randomBytes(9).toString('base64url');
  return context.db.room.create({
    data: { id: newId('Room'), hostId: userId, name, code, members: { create: { userId } } },
  });
}

/** Lets who knows the code in; a second time changes nothing. */
export async function joinRoom(context: Context, code: string): Promise<Room> {
  const { userId } = context.requireViewer();
  return context.db.$transaction(async (tx) => {
    const [found] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM room WHERE code = ${code} FOR UPDATE`;
    if (!found) throw new UserError('NOT_FOUND', 'there is no such room', ['code']);
    const members = await tx.roomMember.findMany({ where: { roomId: found.id }, select: { userId: true } });
    if (!members.some((member) => member.userId === userId)) {
      if (members.length >= MAX_MEMBERS) throw new UserError('ROOM_FULL', 'the room is full', ['code']);
      await tx.roomMember.create({ data: { roomId: found.id, userId } });
    }
    return tx.room.findUniqueOrThrow({ where: { id: found.id } });
  });
}

/** Leaves a room. Where its host goes, it ends for all. */
export async function leaveRoom(context: Context, rawId: string): Promise<void> {
  const { userId } = context.requireViewer();
  const id = RoomId.safeParse(rawId).data;
  const room = id && (await context.db.room.findUnique({ where: { id } }));
  if (!room) return;
  if (room.hostId === userId) {
    await context.db.$transaction([
      context.db.room.delete({ where: { id } }),
      context.db.player.deleteMany({ where: { ownerId: id } }),
    ]);
  } else {
    await context.db.roomMember.deleteMany({ where: { roomId: id, userId } });
  }
  context.bus.signal(playerMoved, { ownerId: id });
}

/** A room that the viewer is in, or null. */
export async function findRoom(context: Context, rawId: string): Promise<Room | null> {
  const userId = context.viewer?.userId;
  const id = RoomId.safeParse(rawId).data;
  if (!userId || !id) return null;
  return context.db.room.findFirst({ where: { id, members: { some: { userId } } } });
}
