import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { audit } from './audit.ts';

/** Ends a key of the viewer's own. Gateways ask about a key every few seconds. */
export async function revokeApiKey(context: Context, keyId: string): Promise<{ ok: true }> {
  const { userId } = context.requireViewer();
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id: keyId, userId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw new UserError('NOT_FOUND', 'no such key', ['keyId']);
    await audit(tx, context, 'api-key.revoked', { details: { keyId } });
  });
  return { ok: true };
}
