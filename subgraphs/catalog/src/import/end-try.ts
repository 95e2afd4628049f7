import type { Transaction } from '../database.ts';
import type { ImportRun } from '../models.ts';
import { announceRuns } from './start-import.ts';

/** Workers that may be lost in a row before the run is given up. */
const MAX_LOSSES = 5;

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
  const losses = isStop ? run.losses : run.losses + 1;
  await tx.importRun.updateMany({
    where: of,
    data: {
      state: 'QUEUED',
      attempt: run.attempt + 1,
      losses,
      worker: null,
      leaseUntil: null,
      seq: { increment: 1 },
    },
  });
  await announceRuns(tx, [{ id: run.id, attempt: run.attempt + 1 }]);
}
