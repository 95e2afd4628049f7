import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { ApiKey } from '../models.ts';

export type ApiKeysByUser = DataLoader<string, ApiKey[]>;

/** The keys of each user that are not revoked, newest first. */
export function createApiKeysByUser(db: Database): ApiKeysByUser {
  return new DataLoader(async (userIds) => {
    const keys = await db.apiKey.findMany({
      where: { userId: { in: [...userIds] }, revokedAt: null },
      orderBy: { id: 'desc' },
    });
    const byUser = Map.groupBy(keys, (key) => key.userId);
    return userIds.map((userId) => byUser.get(userId) ?? []);
  });
}
