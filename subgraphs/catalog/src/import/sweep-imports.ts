import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { endTry } from './end-try.ts';
import { announceRuns, orderRun, signalRun } from './start-import.ts';

const LOST = { code: 'WORKER_LOST', message: 'the worker was not heard of any more', retryable: true };
const BATCH = 50;

/** Brings imports on that nobody else does: lost workers, orders unheard, tracks done, hours gone. Any process may run it. */
export async function sweepImports(deps: Deps): Promise<void> {
  const moved = [
    ...(await deps.db.$transaction(endLostTries)),
    ...(await deps.db.$transaction(announceAgain)),
    ...(await deps.db.$transaction(endDone)),
    ...(await deps.db.$transaction(startHourly)),
  ];
  if (moved.length === 0) return;
  deps.wake();
  for (const id of moved) signalRun(deps, id);
}

/** For a start at which no worker can be alive. */
export async function releaseImports(deps: Deps): Promise<void> {
  await deps.db.$executeRaw`UPDATE import_run SET lease_until = now() - interval '1 second'
    WHERE state IN ('SCANNING', 'READING', 'STORING')`;
  await deps.db.$executeRaw`UPDATE import_run SET announce_at = now() WHERE state = 'QUEUED'`;
  await sweepImports(deps);
}

async function endLostTries(tx: Transaction): Promise<string[]> {
  const runs = await tx.$queryRaw<{ id: string; attempt: number; losses: number }[]>`
    SELECT id, attempt, losses FROM import_run
    WHERE state IN ('SCANNING', 'READING', 'STORING') AND lease_until < now()
    ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
  for (const run of runs) await endTry(tx, run, LOST);
  return runs.map(({ id }) => id);
}

async function announceAgain(tx: Transaction): Promise<string[]> {
  const runs = await tx.$queryRaw<{ id: string; attempt: number }[]>`
    SELECT id, attempt FROM import_run WHERE state = 'QUEUED' AND announce_at <= now()
    ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
  await announceRuns(tx, runs);
  return runs.map(({ id }) => id);
}

/** A run is done when none of its tracks is being processed. */
async function endDone(tx: Transaction): Promise<string[]> {
  const runs = await tx.$queryRaw<{ id: string }[]>`
    UPDATE import_run r SET state = 'DONE', ended_at = now(), seq = seq + 1
    WHERE r.state = 'PROCESSING' AND NOT EXISTS (
      SELECT FROM track t JOIN import_file f ON f.track_id = t.id
      WHERE t.status = 'PROCESSING' AND f.run_id = r.id AND f.source_id = r.source_id)
    RETURNING id`;
  return runs.map(({ id }) => id);
}

/** The row of the source is what a process holds to be the only one. */
async function startHourly(tx: Transaction): Promise<string[]> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    UPDATE import_source SET next_scan_at = now() + interval '1 hour' WHERE id IN (
      SELECT id FROM import_source WHERE is_hourly AND next_scan_at <= now()
      ORDER BY next_scan_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  const ids: string[] = [];
  for (const source of due) ids.push((await orderRun(tx, source)).id);
  return ids;
}
