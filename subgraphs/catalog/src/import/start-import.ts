import { ImportRunId, importMoved, importOrdered, newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { readId } from '../domain/read-id.ts';
import type { ImportRun, ImportSource } from '../models.ts';

/** States in which a run has come to its end. */
export const ENDED = ['DONE', 'CANCELLED', 'FAILED'] as const satisfies ImportRun['state'][];

/** Deletes a source with its registry and runs; tracks stay. */
export async function deleteImportSource({ db }: Deps, rawId: string): Promise<string> {
  const id = readId('ImportSource', rawId);
  const { count } = id ? await db.importSource.deleteMany({ where: { id } }) : { count: 0 };
  if (!id || count === 0) throw noSource();
  return id;
}

/** Orders a run of a source, or gives the one that goes on. */
export async function startImport(deps: Deps, rawId: string): Promise<ImportRun> {
  const id = readId('ImportSource', rawId);
  const run = await deps.db.$transaction(async (tx) => {
    const source = id && (await tx.importSource.findUnique({ where: { id } }));
    if (!source) throw noSource();
    return orderRun(tx, source);
  });
  deps.wake();
  return run;
}

/** One live run a source: the row of the source is held while there is none. */
export async function orderRun(
  tx: Transaction,
  { id: sourceId }: Pick<ImportSource, 'id'>,
): Promise<ImportRun> {
  await tx.$executeRaw`SELECT id FROM import_source WHERE id = ${sourceId} FOR UPDATE`;
  const live = await tx.importRun.findFirst({ where: { sourceId, state: { notIn: [...ENDED] } } });
  if (live) return live;
  const run = await tx.importRun.create({
    data: { id: newId('ImportRun'), sourceId, announceAt: new Date() },
  });
  await announceRuns(tx, [run]);
  return run;
}

/** Tells workers of QUEUED runs; a minute later they are told again. */
export async function announceRuns(
  tx: Transaction,
  runs: readonly Pick<ImportRun, 'id' | 'attempt'>[],
): Promise<void> {
  if (runs.length === 0) return;
  await tx.$executeRaw`
    UPDATE import_run SET announce_at = now() + interval '1 minute'
    WHERE id = ANY(${runs.map(({ id }) => id)}::text[])`;
  const orders = runs.map(({ id, attempt }) => ({ runId: ImportRunId.parse(id), attempt }));
  await tx.outbox.createMany({ data: orders.map((order) => outboxRow(importOrdered, order)) });
}

/** Ends a run where it is; its worker hears of it with its next question. */
export async function cancelImport(deps: Deps, rawId: string): Promise<ImportRun> {
  const id = readId('ImportRun', rawId);
  const before = id && (await deps.db.importRun.findUnique({ where: { id } }));
  if (!before) throw new UserError('NOT_FOUND', 'there is no such run', ['runId']);
  const { count } = await deps.db.importRun.updateMany({
    where: { id: before.id, state: { notIn: [...ENDED] } },
    data: { state: 'CANCELLED', endedAt: new Date(), leaseUntil: null, seq: { increment: 1 } },
  });
  if (count === 0) throw new UserError('ALREADY_COMPLETED', 'the run has ended', ['runId']);
  signalRun(deps, before.id);
  return deps.db.importRun.findUniqueOrThrow({ where: { id: before.id } });
}

/** Tells whoever watches a run to read its row again. Call it after the commit. */
export function signalRun({ bus }: Pick<Deps, 'bus'>, runId: string): void {
  bus.signal(importMoved, { runId: ImportRunId.parse(runId) });
}

const noSource = () => new UserError('NOT_FOUND', 'there is no such source', ['sourceId']);
