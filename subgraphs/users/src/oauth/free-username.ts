import { randomInt } from 'node:crypto';

import type { Database } from '../database.ts';
import { Username, usernameKeys } from '../domain/account-rules.ts';
import type { ProviderAccount } from './provider.ts';

const TRIES = 20;

/** A username that nobody has, as near as can be to what somebody is called at a provider. */
export async function freeUsername(
  db: Pick<Database, 'user'>,
  { username, displayName, email }: Pick<ProviderAccount, 'username' | 'displayName' | 'email'>,
): Promise<string> {
  const stems = [username, email?.split('@')[0], displayName, 'listener'].flatMap(
    (name) => toStem(name) ?? [],
  );
  const [first = 'listener'] = stems;
  const numbered = Array.from(
    { length: TRIES },
    () => `${first.slice(0, 24)}-${randomInt(1_000, 1_000_000)}`,
  );
  for (const candidate of [...stems, ...numbered]) {
    if (await isFree(db, candidate)) return candidate;
  }
  throw new Error('no username was free');
}

function toStem(name: string | null | undefined): string | null {
  const stem = (name ?? '')
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{M}0-9._-]+/gu, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '');
  return Username.safeParse(stem.slice(0, 30)).data ?? null;
}

async function isFree(db: Pick<Database, 'user'>, username: string): Promise<boolean> {
  const { usernameKey, lookAlikeKey } = usernameKeys(username);
  return (await db.user.count({ where: { OR: [{ usernameKey }, { lookAlikeKey }] } })) === 0;
}
