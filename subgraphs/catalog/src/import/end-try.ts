import type { Transaction } from '../database.ts';
import type { ImportRun } from '../models.ts';
import { announceRuns } from './start-import.ts';

/** Workers that may be lost in a row before the run is given up. */
const MAX_LOSSES = 5;
const FIRST_PAUSE_SECONDS = 2;

interface Reason {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** Hands a run out again, or lets it fail. */
export async function endTry(
  tx: Transaction,
  run: Pick<ImportRun, 'id' | 'attempt' | 'losses'>,
  { code, message, retryable }: Reason,
): Promise<void> {
  const of = { id: run.id, attempt: run.attempt };
  const isStop = code === 'WORKER_STOPPED';
  if (!retryable || (!isStop && run.losses >= MAX_LOSSES)) {
    const error = { errorCode: code, errorMessage: message.slice(0, 500) };
    await tx.importRun.updateMany({
      where: of,
      data: { state: 'FAILED', ...error, endedAt: new Date(), leaseUntil: null, seq: { increment: 1 } },
    });
    return;
  }
  if (isStop) {
    await handOut(tx, run, run.losses, 0);
    await announceRuns(tx, [{ id: run.id, attempt: run.attempt + 1 }]);
  } else await handOut(tx, run, run.losses + 1, FIRST_PAUSE_SECONDS ** run.losses);
}

/** The next try is announced by the sweeper after the pause. */
async function handOut(
  tx: Transaction,
  run: Pick<ImportRun, 'id' | 'attempt'>,
  losses: number,
  pauseSeconds: number,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE import_run SET state = 'QUEUED', attempt = attempt + 1, losses = ${losses}, worker = NULL,
      lease_until = NULL, seq = seq + 1, announce_at = now() + ${pauseSeconds} * interval '1 second'
    WHERE id = ${run.id} AND attempt = ${run.attempt}`;
}
