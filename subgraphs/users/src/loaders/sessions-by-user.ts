import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { UserSession } from '../models.ts';
import { SETTINGS } from '../settings.ts';

export type SessionsByUser = DataLoader<string, UserSession[]>;

/** The sessions of each user that can still be refreshed, last used first. */
export function createSessionsByUser(db: Database): SessionsByUser {
  return new DataLoader(async (userIds) => {
    const now = Date.now();
    const sessions = await db.session.findMany({
      where: {
        userId: { in: [...userIds] },
        revokedAt: null,
        createdAt: { gt: new Date(now - SETTINGS.sessionMs) },
        lastUsedAt: { gt: new Date(now - SETTINGS.refreshTokenMs) },
      },
      orderBy: { lastUsedAt: 'desc' },
    });
    const byUser = Map.groupBy(sessions, (session) => session.userId);
    return userIds.map((userId) => byUser.get(userId) ?? []);
  });
}
