import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { audit, type AuditAction } from './audit.ts';
import { endSessions } from './revoke-tokens.ts';

interface Done {
  readonly ok: true;
}

/** Ends one session of the viewer's own; all its tokens are good for nothing from now on. */
export async function revokeSession(context: Context, sessionId: string): Promise<Done> {
  const ended = await end(context, 'session.revoked', { id: sessionId });
  if (ended === 0) throw new UserError('NOT_FOUND', 'no such session', ['sessionId']);
  return { ok: true };
}

/** Ends all of the viewer's sessions but the one that asks. */
export async function revokeOtherSessions(context: Context): Promise<Done> {
  await end(context, 'session.revoked', { id: { not: context.requireViewer().sessionId } });
  return { ok: true };
}

/** Ends the session that asks. */
export async function logout(context: Context): Promise<Done> {
  const ended = await end(context, 'user.logout', { id: context.requireViewer().sessionId });
  if (ended === 0) throw new UserError('NOT_FOUND', 'no session is open');
  return { ok: true };
}

async function end(context: Context, action: AuditAction, which: Prisma.SessionWhereInput): Promise<number> {
  const { userId } = context.requireViewer();
  const { ended, tell } = await context.db.$transaction(async (tx) => {
    const done = await endSessions(context, tx, { ...which, userId });
    if (done.ended.length > 0) await audit(tx, context, action, { details: { sessions: done.ended } });
    return done;
  });
  await tell();
  return ended.length;
}
