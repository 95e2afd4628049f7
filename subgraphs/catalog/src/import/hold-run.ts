import type { ImportTry } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { ImportRun, ImportSource } from '../models.ts';
import { signalRun } from './start-import.ts';

export type HeldRun = ImportRun & { readonly source: ImportSource };

/** What a run's counts grow by. */
export type Counts = Partial<
  Record<
    | 'found'
    | 'skipped'
    | 'fresh'
    | 'changed'
    | 'missing'
    | 'read'
    | 'imported'
    | 'copies'
    | 'moved'
    | 'failed',
    number
  >
>;

/** What no later try does again. */
const LASTING = new Set(['read', 'imported', 'copies', 'moved', 'failed']);

interface Move {
  readonly state?: ImportRun['state'];
  readonly counts?: Counts;
}

/**
 * Does what a try asks for while its run is held, in one transaction that renews its lease and counts; null for a try
 * that is not wanted any more.
 */
export async function withRun<Result>(
  deps: Deps,
  { runId, attempt }: ImportTry,
  act: (tx: Transaction, run: HeldRun) => Promise<Move & { readonly result: Result }>,
): Promise<Result | null> {
  const result = await deps.db.$transaction(async (tx) => {
    const run = await holdRun(tx, runId, attempt);
    if (!run) return null;
    const { state = run.state, counts = {}, result: given } = await act(tx, run);
    const grown = Object.entries(counts).filter(([, count]) => count !== 0);
    await tx.importRun.update({
      where: { id: runId },
      data: {
        ...Object.fromEntries(grown.map(([name, increment]) => [name, { increment }])),
        state,
        leaseUntil: state === 'PROCESSING' ? null : new Date(Date.now() + deps.leaseSeconds * 1000),
        ...(grown.length > 0 || state !== run.state ? { seq: { increment: 1 } } : {}),
        // a walk goes well each time: what is behind it has to move
        ...(grown.some(([name]) => LASTING.has(name)) ? { losses: 0 } : {}),
      },
    });
    return { given };
  });
  if (!result) return null;
  deps.wake();
  signalRun(deps, runId);
  return result.given;
}

async function holdRun(tx: Transaction, id: string, attempt: number): Promise<HeldRun | null> {
  await tx.$executeRaw`SELECT id FROM import_run WHERE id = ${id} FOR UPDATE`;
  return tx.importRun.findFirst({
    where: { id, attempt, state: { in: ['SCANNING', 'READING', 'STORING'] } },
    include: { source: true },
  });
}
