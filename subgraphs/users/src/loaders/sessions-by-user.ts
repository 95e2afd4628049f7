import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { UserSession } from '../models.ts';

export type SessionsByUser = DataLoader<string, UserSession[]>;

/** The open sessions of each user, last used first. */
export function createSessionsByUser(db: Database): SessionsByUser {
  return new DataLoader(async (userIds) => {
    const sessions = await db.session.findMany({
      where: { userId: { in: [...userIds] }, revokedAt: null },
      orderBy: { lastUsedAt: 'desc' },
    });
    const byUser = Map.groupBy(sessions, (session) => session.userId);
    return userIds.map((userId) => byUser.get(userId) ?? []);
  });
}
