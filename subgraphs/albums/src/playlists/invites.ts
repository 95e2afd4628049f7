import { createHash, randomBytes } from 'node:crypto';

import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type {
  CreatePlaylistInviteInput,
  JoinPlaylistInput,
  RevokePlaylistInvitesInput,
} from '../generated/graphql.ts';
import type { PlaylistInvite } from '../generated/prisma/client.ts';
import type { Playlist } from '../models.ts';
import { inTransaction } from '../transaction.ts';
import { changePlaylist, lockPlaylist, readPlaylist, tellMoved } from './change-playlist.ts';
import { logChange } from './log-change.ts';
import { putMember } from './members.ts';

const TOKEN_BYTES = 24;
const DAY_MS = 24 * 60 * 60_000;
const MAX_INVITES = 20;

const NewInvite = z.object({
  role: z.enum(['EDITOR', 'VIEWER']).nullish(),
  days: z.number().int().min(1, 'at least a day').max(90, 'at most 90 days').nullish(),
});

/** A secret for the caller's playlist. It is told once: only its hash is kept. */
export async function createPlaylistInvite(
  context: Context,
  input: CreatePlaylistInviteInput,
): Promise<{ token: string; invite: PlaylistInvite }> {
  const { role, days } = readInput(NewInvite, input);
  const { playlistId } = input;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const invite = await inTransaction(context.db, async (tx) => {
    await lockPlaylist(tx, context, playlistId, 'OWNER');
    await tx.playlistInvite.deleteMany({ where: { playlistId, expiresAt: { lt: new Date() } } });
    if ((await tx.playlistInvite.count({ where: { playlistId } })) >= MAX_INVITES) {
      throw new UserError('TOO_MANY_INVITES', `a playlist has at most ${MAX_INVITES} invites`);
    }
    return tx.playlistInvite.create({
      data: {
        id: newId('PlaylistInvite'),
        playlistId,
        role: role ?? 'EDITOR',
        tokenHash: hash(token),
        expiresAt: new Date(Date.now() + (days ?? 7) * DAY_MS),
      },
    });
  });
  context.forget();
  return { token, invite };
}

export async function revokePlaylistInvites(
  context: Context,
  { playlistId }: RevokePlaylistInvitesInput,
): Promise<{ playlist: Playlist }> {
  return changePlaylist(context, playlistId, 'OWNER', async (tx) => {
    await tx.playlistInvite.deleteMany({ where: { playlistId } });
    return null;
  });
}

/** Lets the caller have the part that a secret gives, unless theirs is larger. */
export async function joinPlaylist(
  context: Context,
  { token }: JoinPlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { userId } = context.requireViewer();
  const playlist = await inTransaction(context.db, async (tx) => {
    const where = { tokenHash: hash(token) };
    const found = await tx.playlistInvite.findUnique({ where });
    await tx.$queryRaw`SELECT id FROM playlist WHERE id = ${found?.playlistId ?? ''} FOR UPDATE`;
    // read again: it may have been revoked while we waited
    const invite = await tx.playlistInvite.findUnique({ where });
    if (!invite || invite.expiresAt < new Date()) {
      throw unknownInvite();
    }
    const { playlistId, role } = invite;
    const before = await readPlaylist(tx, context, playlistId);
    if (!before) throw unknownInvite();
    if (before.viewerRole === null || (before.viewerRole === 'VIEWER' && role === 'EDITOR')) {
      await putMember(tx, playlistId, userId, role);
      await logChange(tx, playlistId, { kind: 'CHANGED', actorId: userId });
    }
    return readPlaylist(tx, context, playlistId);
  });
  if (!playlist) throw new Error('an invite without its playlist');
  tellMoved(context, playlist.id);
  return { playlist };
}

function unknownInvite(): UserError {
  return new UserError('INVALID_INVITE', 'the invite is unknown, revoked or too old', ['token']);
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
