import type { Context } from '../context.ts';
import type { ProveInput } from '../generated/graphql.ts';
import { audit } from './audit.ts';
import { prove } from './prove.ts';
import { refuseLastAdmin } from './refuse-last-admin.ts';
import { endSessions } from './revoke-tokens.ts';

/** Ends every session and hides the account until its owner signs in again. */
export async function deactivateAccount(context: Context, input: ProveInput): Promise<{ ok: true }> {
  const user = await prove(context, input.password);
  const userId = user.id;
  const tell = await context.db.$transaction(async (tx) => {
    await refuseLastAdmin(tx, user);
    await tx.user.update({ where: { id: userId }, data: { deactivatedAt: new Date() } });
    await audit(tx, context, 'user.deactivated');
    return (await endSessions(context, tx, { userId })).tell;
  });
  await tell();
  return { ok: true };
}
