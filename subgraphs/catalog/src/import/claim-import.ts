import type { ImportTry, importClaim, importGivenUp } from '@volna/events';
import type { z } from 'zod';

import type { Deps } from '../context.ts';
import { endTry } from './end-try.ts';
import { signalRun } from './start-import.ts';

/** Gives a try at a run to the first worker that asks for it. Each begins with the walk: what is known costs nothing. */
export async function claimImport(
  deps: Deps,
  { runId, attempt, worker }: z.output<(typeof importClaim)['question']>,
): Promise<z.output<(typeof importClaim)['answer']>> {
  const { db, leaseSeconds } = deps;
  const count = await db.$executeRaw`
    UPDATE import_run SET state = 'SCANNING', worker = ${worker}, seq = seq + 1,
      started_at = coalesce(started_at, now()), lease_until = now() + ${leaseSeconds} * interval '1 second',
      found = 0, skipped = 0
    WHERE id = ${runId} AND attempt = ${attempt} AND state = 'QUEUED'`;
  if (count === 0) return { source: null, leaseSeconds };
  signalRun(deps, runId);
  const { source } = await db.importRun.findUniqueOrThrow({
    where: { id: runId },
    include: { source: true },
  });
  return { source: { kind: source.kind, location: source.location }, leaseSeconds };
}

/** Renews the lease of a try that is still wanted. */
export async function renewImport(deps: Deps, { runId, attempt }: ImportTry): Promise<{ goOn: boolean }> {
  const count = await deps.db.$executeRaw`
    UPDATE import_run SET lease_until = now() + ${deps.leaseSeconds} * interval '1 second'
    WHERE id = ${runId} AND attempt = ${attempt} AND state IN ('SCANNING', 'READING', 'STORING')`;
  return { goOn: count > 0 };
}

/** Ends a try that its worker gives up: the run fails, or is handed out again. */
export async function giveUpImport(
  deps: Deps,
  { code, message, retryable, ...of }: z.output<(typeof importGivenUp)['question']>,
): Promise<{ goOn: boolean }> {
  const ended = await deps.db.$transaction(async (tx) => {
    const run = await tx.importRun.findFirst({
      where: { id: of.runId, attempt: of.attempt, state: { in: ['SCANNING', 'READING', 'STORING'] } },
    });
    if (run) await endTry(tx, run, { code, message, retryable });
    return run !== null;
  });
  if (ended) {
    deps.wake();
    signalRun(deps, of.runId);
  }
  return { goOn: false };
}
