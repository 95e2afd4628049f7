import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { type Scope, SCOPES, scopesOf } from '@volna/platform/scopes';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { CreateApiKeyInput } from '../generated/graphql.ts';
import type { ApiKey } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { newSecret } from '../tokens/secret.ts';
import { audit } from './audit.ts';

/** By this anybody, secret scanners too, knows what it is. */
const PREFIX = 'vk_';
const HINT_LENGTH = 8;

const NewKey = z.object({
  name: z.string().trim().min(1, 'a key has a name').max(60, 'a name has at most 60 characters'),
  scopes: z
    .array(z.enum(SCOPES, `the scopes are ${SCOPES.filter(mayBeGiven).join(', ')}`))
    .min(1, 'a key has a scope at least'),
  expiresAt: z.coerce
    .date()
    .refine((at) => at.getTime() > Date.now(), 'that time has gone by')
    .nullish(),
});

/** A key for scripts, and its secret, which only its owner keeps. */
export async function createApiKey(
  context: Context,
  input: CreateApiKeyInput,
): Promise<{ apiKey: ApiKey; secret: string }> {
  const { userId, roles } = context.requireViewer();
  const { name, scopes, expiresAt = null } = readInput(NewKey, input);
  refuseScopes(scopes, roles);
  const { secret, hash } = newSecret(PREFIX);
  const row = { userId, name, hash, hint: secret.slice(0, HINT_LENGTH), scopes: [...new Set(scopes)] };
  const apiKey = await context.db.$transaction(async (tx) => {
    // one after the other, so that the count holds
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR NO KEY UPDATE`;
    const isOpen = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
    if ((await tx.apiKey.count({ where: { userId, ...isOpen } })) >= SETTINGS.apiKeys) {
      throw new UserError(
        'TOO_MANY_KEYS',
        `an account has at most ${SETTINGS.apiKeys} keys: revoke one first`,
      );
    }
    const created = await tx.apiKey.create({ data: { id: newId('ApiKey'), ...row, expiresAt } });
    await audit(tx, context, 'api-key.created', { details: { keyId: created.id, scopes: created.scopes } });
    return created;
  });
  return { apiKey, secret };
}

function refuseScopes(scopes: readonly Scope[], roles: readonly string[]): void {
  const own = scopesOf(roles);
  const refused = scopes.find((scope) => !mayBeGiven(scope) || !own.includes(scope));
  if (refused)
    throw new UserError('FORBIDDEN_SCOPE', `a key of yours cannot have the scope ${refused}`, ['scopes']);
}

/** A key that leaks must not cost the account itself. */
function mayBeGiven(scope: Scope): boolean {
  return scope !== 'account';
}
