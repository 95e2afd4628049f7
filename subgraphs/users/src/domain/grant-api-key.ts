import { type Scope, scopesOf } from '@volna/platform/scopes';

import type { Deps } from '../context.ts';
import { hashSecret } from '../tokens/secret.ts';

/** What an API key is good for now. */
export interface ApiKeyGrant {
  readonly keyId: string;
  readonly userId: string;
  readonly roles: readonly string[];
  /** Of those that it was given, what its owner may still do. */
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** Whom a key is from; null for one that is revoked, expired or nobody's, and while its owner is deactivated. */
export async function findApiKeyGrant({ db }: Pick<Deps, 'db'>, key: string): Promise<ApiKeyGrant | null> {
  const row = await db.apiKey.findUnique({ where: { hash: hashSecret(key) }, include: { user: true } });
  if (!row || row.revokedAt || row.user.deactivatedAt) return null;
  if (row.expiresAt && row.expiresAt <= new Date()) return null;
  const scopes = scopesOf(row.user.roles).filter((scope) => row.scopes.includes(scope));
  // rows are the ADMIN's by role, not by scope
  const roles = row.user.roles.filter((role) => role !== 'ADMIN' || scopes.includes('admin'));
  return { keyId: row.id, userId: row.userId, roles, scopes, expiresAt: row.expiresAt };
}

/** The grant of a key that somebody uses; its owner sees when, to the minute. */
export async function useApiKey(deps: Pick<Deps, 'db'>, key: string): Promise<ApiKeyGrant | null> {
  const grant = await findApiKeyGrant(deps, key);
  if (!grant) return null;
  await deps.db.$executeRaw`
    UPDATE api_key SET last_used_at = date_trunc('minute', now())
    WHERE id = ${grant.keyId} AND (last_used_at IS NULL OR last_used_at < date_trunc('minute', now()))`;
  return grant;
}
