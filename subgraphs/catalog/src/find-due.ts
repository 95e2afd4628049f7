import { restateTracks } from './artists/restate-tracks.ts';
import type { Deps } from './context.ts';
import { sweepIndexing } from './domain/sweep-indexing.ts';
import { sweepJobs } from './domain/sweep-jobs.ts';
import { sweepUploads } from './domain/sweep-uploads.ts';
import { Prisma } from './generated/prisma/client.ts';
import { sweepImports } from './import/sweep-imports.ts';
import { advanceReanalysis } from './reanalysis/advance-reanalysis.ts';

export type Run = (deps: Deps) => Promise<void>;

/** A sweep, and rows without which it has nothing to do. */
interface Sweep {
  readonly run: Run;
  readonly found: Prisma.Sql;
}

const SWEEPS: readonly Sweep[] = [
  { run: restateTracks, found: Prisma.sql`SELECT FROM track_restatement` },
  {
    run: sweepJobs,
    found: Prisma.sql`
      SELECT FROM job WHERE state = 'RUNNING' AND lease_until < now()
      UNION ALL SELECT FROM job WHERE state = 'QUEUED' AND announce_at <= now()`,
  },
  {
    run: sweepIndexing,
    found: Prisma.sql`SELECT FROM track WHERE stage = 'INDEXING' AND status = 'PROCESSING'`,
  },
  {
    run: sweepUploads,
    found: Prisma.sql`
      SELECT FROM upload WHERE status = 'FETCHING'
      UNION ALL SELECT FROM upload WHERE status = 'PENDING' AND expires_at < now()
      UNION ALL SELECT FROM upload
        WHERE status = 'COMPLETED' AND purpose = 'AUDIO' AND track_id IS NULL AND expires_at < now()`,
  },
  {
    run: sweepImports,
    found: Prisma.sql`
      SELECT FROM import_run WHERE state IN ('QUEUED', 'SCANNING', 'READING', 'STORING', 'PROCESSING')
      UNION ALL SELECT FROM import_source WHERE is_hourly AND next_scan_at <= now()`,
  },
  { run: advanceReanalysis, found: Prisma.sql`SELECT FROM reanalysis WHERE is_running` },
];

/** The sweeps that have something to do: mostly none, which one statement tells. */
export async function findDue({ db }: Deps): Promise<Run[]> {
  const columns = SWEEPS.map(({ found }, at) => Prisma.sql`EXISTS (${found}) AS ${Prisma.raw(`"${at}"`)}`);
  const [due] = await db.$queryRaw<Record<number, boolean>[]>`SELECT ${Prisma.join(columns)}`;
  return SWEEPS.filter((_, at) => due?.[at]).map(({ run }) => run);
}
