import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { OAuthIdentity } from '../models.ts';

export type IdentitiesByUser = DataLoader<string, OAuthIdentity[]>;

/** The accounts elsewhere that sign in to each user's, first linked first. */
export function createIdentitiesByUser(db: Database): IdentitiesByUser {
  return new DataLoader(async (userIds) => {
    const identities = await db.oAuthIdentity.findMany({
      where: { userId: { in: [...userIds] } },
      orderBy: { createdAt: 'asc' },
    });
    const byUser = Map.groupBy(identities, (identity) => identity.userId);
    return userIds.map((userId) => byUser.get(userId) ?? []);
  });
}
