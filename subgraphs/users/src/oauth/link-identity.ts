import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { audit } from '../domain/audit.ts';
import type { OAuthIdentity } from '../models.ts';
import type { ProviderAccount } from './provider.ts';

/** Lets an account be signed in to by somebody's account at a provider. Doing it again changes nothing. */
export async function linkIdentity(
  context: Context,
  userId: string,
  provider: string,
  { subject, email }: ProviderAccount,
): Promise<OAuthIdentity> {
  return context.db.$transaction(async (tx) => {
    // creates nothing where either key is taken, by a request at the same time too
    const { count } = await tx.oAuthIdentity.createMany({
      data: [{ provider, subject, userId, email }],
      skipDuplicates: true,
    });
    const identity = await tx.oAuthIdentity.findUnique({
      where: { provider_subject: { provider, subject } },
    });
    if (!identity) {
      throw new UserError('ALREADY_LINKED', 'another account of this provider is linked; unlink it first');
    }
    if (identity.userId !== userId) {
      throw new UserError(
        'IDENTITY_TAKEN',
        'this account of the provider signs in to somebody else’s account',
      );
    }
    if (count > 0) await audit(tx, context, 'oauth.linked', { details: { provider } });
    return identity;
  });
}
