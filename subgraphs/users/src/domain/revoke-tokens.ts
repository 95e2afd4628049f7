import { SessionId, sessionsRevoked, sessionsRevokedNow } from '@volna/events';
import { logger } from '@volna/platform/log';
import { outboxRow } from '@volna/platform/outbox';
import { REVOCATIONS_KEY, revokedKey } from '@volna/platform/revocations';

import type { Deps } from '../context.ts';
import type { Database } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { SETTINGS } from '../settings.ts';
import { newSecret } from '../tokens/secret.ts';

type Told = Pick<Deps, 'bus' | 'cache' | 'wakeRelay'>;

/** Tells the gateways, at once; to be called when the transaction is committed. */
export type Tell = () => Promise<void>;

/** Ends sessions that are open, with all their tokens. */
export async function endSessions(
  deps: Told,
  tx: Pick<Database, 'outbox' | 'session'>,
  which: Prisma.SessionWhereInput & { readonly userId: string },
): Promise<{ readonly ended: readonly string[]; readonly tell: Tell }> {
  const rows = await tx.session.updateManyAndReturn({
    where: { ...which, revokedAt: null },
    data: { revokedAt: new Date() },
    select: { id: true },
  });
  const ended = rows.map(({ id }) => id);
  // none is issued any more: no clock that is ahead keeps one alive
  const lastEnd = new Date(Date.now() + SETTINGS.accessTokenMs + SETTINGS.clockSkewMs);
  return { ended, tell: await revokeTokens(deps, tx, ended, lastEnd) };
}

/**
 * Makes access tokens that these sessions have been given worthless: states it in the caller's transaction, so that
 * it is not forgotten, and gives what tells the gateways at once. Sessions that stay open get new ones by refreshing;
 * call it after the change that these are to hold.
 */
export async function revokeTokens(
  deps: Told,
  tx: Pick<Database, 'outbox'>,
  sessions: readonly string[],
  until = new Date(Date.now() + SETTINGS.revocationLeadMs),
): Promise<Tell> {
  if (sessions.length === 0) return async () => {};
  const sessionIds = sessions.map((id) => SessionId.parse(id));
  const fact = { sessionIds, until: until.toISOString() };
  await tx.outbox.create({ data: outboxRow(sessionsRevoked, fact) });
  return async () => {
    try {
      await markRevoked(deps.cache, sessionIds, until);
      deps.bus.signal(sessionsRevokedNow, { sessionIds });
    } catch (err) {
      logger.error({ err }, 'the cache is away: access tokens are revoked once it is back');
    }
    deps.wakeRelay();
  };
}

/** Doing it again, or late, changes nothing: a later time stays. */
export async function markRevoked(
  cache: Deps['cache'],
  sessionIds: readonly string[],
  until: Date,
): Promise<void> {
  for (const id of sessionIds) {
    const latest = Math.max(await revokedUntil(cache, id), until.getTime());
    await cache.set(revokedKey(id), String(latest), SETTINGS.accessTokenMs + SETTINGS.clockSkewMs);
  }
  await cache.set(REVOCATIONS_KEY, newSecret().secret, SETTINGS.accessTokenMs + SETTINGS.clockSkewMs);
}

/** The time, in ms since 1970, until which a session's access tokens are worth nothing; 0 where none was revoked. */
export async function revokedUntil(cache: Deps['cache'], sessionId: string): Promise<number> {
  return Number(await cache.get(revokedKey(sessionId)));
}
