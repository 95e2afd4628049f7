import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { ArtistClaim } from '../models.ts';

export type ClaimsByUser = DataLoader<string, ArtistClaim[]>;

/** What each user says of artist pages, the newest first. */
export function createClaimsByUser(db: Database): ClaimsByUser {
  return new DataLoader(async (userIds) => {
    const claims = await db.artistClaim.findMany({
      where: { userId: { in: [...userIds] } },
      orderBy: { id: 'desc' },
    });
    const byUser = Map.groupBy(claims, ({ userId }) => userId);
    return userIds.map((id) => byUser.get(id) ?? []);
  });
}
