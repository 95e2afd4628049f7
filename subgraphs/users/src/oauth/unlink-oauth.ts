import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { audit } from '../domain/audit.ts';

/** Takes a provider away from the viewer's account, unless nothing else would sign in to it. */
export async function unlinkOAuth(context: Context, provider: string): Promise<{ ok: true }> {
  const { userId } = context.requireViewer();
  await context.db.$transaction(async (tx) => {
    // one at a time: two at once must not take away the last two
    await tx.$queryRaw`SELECT id FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const { passwordHash, identities } = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      include: { identities: true },
    });
    if (!identities.some((identity) => identity.provider === provider)) {
      throw new UserError('NOT_FOUND', 'this provider is not linked', ['provider']);
    }
    if (passwordHash === null && identities.length === 1) {
      throw new UserError(
        'LAST_SIGN_IN_METHOD',
        'nothing else signs in to this account; set a password first',
      );
    }
    await tx.oAuthIdentity.delete({ where: { userId_provider: { userId, provider } } });
    await audit(tx, context, 'oauth.unlinked', { details: { provider } });
  });
  return { ok: true };
}
