import type { Database } from '../database.ts';
import type { User } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { networkOf } from './network.ts';

const MOST = 200;

/** The networks that an account has signed in from of late. */
export async function knownNetworks(
  db: Pick<Database, 'session'>,
  userId: string,
): Promise<ReadonlySet<string>> {
  const sessions = await db.session.findMany({
    where: { userId, ip: { not: null }, createdAt: { gt: new Date(Date.now() - SETTINGS.knownNetworkMs) } },
    select: { ip: true },
    orderBy: { createdAt: 'desc' },
    take: MOST,
  });
  return new Set(sessions.map(({ ip }) => networkOf(ip ?? '')));
}

export async function hasSignedInFrom(
  db: Pick<Database, 'session'>,
  user: User | null,
  network: string,
): Promise<boolean> {
  return user !== null && (await knownNetworks(db, user.id)).has(network);
}
