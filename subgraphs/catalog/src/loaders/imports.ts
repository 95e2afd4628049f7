import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { ImportRun, ImportSource } from '../models.ts';

export interface ImportLoaders {
  readonly importSourceById: DataLoader<string, ImportSource>;
  readonly lastRunBySource: DataLoader<string, ImportRun | null>;
  /** How many tracks of a run are being processed. */
  readonly processingByRun: DataLoader<string, number>;
}

/** One query each for all sources and runs that a request names. */
export function createImportLoaders(db: Database): ImportLoaders {
  return {
    importSourceById: new DataLoader(async (ids) => {
      const rows = await db.importSource.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? new Error(`no source ${id}`));
    }),
    lastRunBySource: new DataLoader(async (ids) => {
      const rows = await db.importRun.findMany({
        where: { sourceId: { in: [...ids] } },
        orderBy: [{ sourceId: 'asc' }, { id: 'desc' }],
        distinct: ['sourceId'],
      });
      const bySource = new Map(rows.map((row) => [row.sourceId, row]));
      return ids.map((id) => bySource.get(id) ?? null);
    }),
    processingByRun: new DataLoader((ids) => countProcessing(db, ids)),
  };
}

/** Tracks of each run that are being processed. */
export async function countProcessing(db: Database, ids: readonly string[]): Promise<number[]> {
  const rows = await db.$queryRaw<{ run_id: string; count: number }[]>`
    SELECT f.run_id, count(*)::int AS count FROM track t JOIN import_file f ON f.track_id = t.id
    WHERE t.status = 'PROCESSING' AND f.run_id = ANY(${[...ids]}::text[]) GROUP BY f.run_id`;
  const byRun = new Map(rows.map(({ run_id, count }) => [run_id, count]));
  return ids.map((id) => byRun.get(id) ?? 0);
}
