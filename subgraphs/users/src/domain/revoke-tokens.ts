import { SessionId, sessionsRevoked, sessionsRevokedNow } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Database } from '../database.ts';
import { SETTINGS } from '../settings.ts';

/** Where gateways look whether a session's access tokens still count: the time, ms since 1970, until which none does. */
export const revokedKey = (sessionId: string): string => `revoked:${sessionId}`;

/**
 * Makes access tokens that these sessions have been given worthless: states it in the caller's transaction, so that
 * it is not forgotten, and gives what tells the gateways at once, to be called when the transaction is committed.
 */
export async function revokeTokens(
  deps: Pick<Deps, 'bus' | 'cache' | 'wakeRelay'>,
  tx: Pick<Database, 'outbox'>,
  sessions: readonly string[],
): Promise<() => Promise<void>> {
  if (sessions.length === 0) return async () => {};
  const sessionIds = sessions.map((id) => SessionId.parse(id));
  const until = new Date();
  const fact = { sessionIds, until: until.toISOString() };
  await tx.outbox.create({ data: outboxRow(sessionsRevoked, fact) });
  return async () => {
    deps.wakeRelay();
    await markRevoked(deps.cache, sessionIds, until);
    deps.bus.signal(sessionsRevokedNow, { sessionIds });
  };
}

/** Doing it again, or late, changes nothing: a later time stays. */
export async function markRevoked(
  cache: Deps['cache'],
  sessionIds: readonly string[],
  until: Date,
): Promise<void> {
  for (const id of sessionIds) {
    const known = Number(await cache.get(revokedKey(id)));
    await cache.set(revokedKey(id), String(Math.max(known, until.getTime())), SETTINGS.accessTokenMs);
  }
}
