import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { DataRequest } from '../models.ts';

export type DataRequestsByUser = DataLoader<string, DataRequest[]>;

/** Data requests, newest first. */
export function createDataRequestsByUser(db: Database): DataRequestsByUser {
  return new DataLoader(async (userIds) => {
    const rows = await db.dataRequest.findMany({
      where: { userId: { in: [...userIds] } },
      orderBy: { id: 'desc' },
    });
    const byUser = Map.groupBy(rows, ({ userId }) => userId);
    return userIds.map((id) => byUser.get(id) ?? []);
  });
}
