import type { Database } from '../database.ts';
import type { Reanalysis } from '../generated/prisma/client.ts';

export interface ReanalysisState {
  readonly number: number;
  readonly status: 'RUNNING' | 'DONE';
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** How the last round goes, or went. */
export async function readReanalysis(db: Database): Promise<ReanalysisState | null> {
  const latest = await db.reanalysis.findFirst({ orderBy: { number: 'desc' } });
  return latest && toState(db, latest);
}

export async function toState(db: Database, round: Reanalysis): Promise<ReanalysisState> {
  const { number, isRunning, total, skipped, startedAt, endedAt } = round;
  const of = { reanalysisNumber: number };
  const [done, failed] = await Promise.all([
    db.job.count({ where: { ...of, kind: 'analyze', state: 'SUCCEEDED' } }),
    db.job.count({ where: { ...of, state: 'FAILED' } }),
  ]);
  const status = isRunning ? 'RUNNING' : 'DONE';
  return { number, status, total, done, failed: failed + skipped, startedAt, endedAt };
}
