import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { DataRequestPart } from '../models.ts';

export type PartsByRequest = DataLoader<string, DataRequestPart[]>;

/** The parts of data requests, by service. */
export function createPartsByRequest(db: Database): PartsByRequest {
  return new DataLoader(async (requestIds) => {
    const rows = await db.dataRequestPart.findMany({
      where: { requestId: { in: [...requestIds] } },
      orderBy: { service: 'asc' },
    });
    const byRequest = Map.groupBy(rows, ({ requestId }) => requestId);
    return requestIds.map((id) => byRequest.get(id) ?? []);
  });
}
