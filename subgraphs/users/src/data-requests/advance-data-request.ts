import { DataRequestId, dataRequestMoved, erasureRequested, exportRequested, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import type { PersonalDataDeps } from '@volna/platform/personal-data';

import type { Deps } from '../context.ts';
import type { DataRequest } from '../models.ts';
import { finishErasure } from './finish-erasure.ts';
import { finishExport } from './finish-export.ts';
import { exportFolder } from './start-data-request.ts';

export type AdvanceDeps = Deps & PersonalDataDeps;

/** Services are asked to erase as often as this: the last time finds what was under way before. */
const ROUNDS = 2;
/** How long the account waits for its last letter to be sent. */
const LETTER_MS = 10 * 60_000;
/** After this long a part that is not done is asked for again. */
const PATIENCE_MS = 10 * 60_000;

/** Takes the next step of a request whose parts are done; does nothing for any other. Safe to repeat. */
export async function advanceDataRequest(deps: AdvanceDeps, id: string): Promise<void> {
  await holding(deps, id, async () => {
    const request = await deps.db.dataRequest.findUnique({ where: { id }, include: { parts: true } });
    if (request?.state !== 'RUNNING' || !request.parts.every(({ doneAt }) => doneAt)) return;
    if (request.kind === 'EXPORT') await finishExport(deps, request);
    else if (request.round < ROUNDS) await askAgain(deps, request);
    else if (await isLetterSettled(deps, request)) await finishErasure(deps, request);
    deps.bus.signal(dataRequestMoved, { requestId: DataRequestId.parse(id) });
  });
}

/** Takes up what a restart left behind, asks again for parts that are long in coming, and drops old archives. */
export async function sweepDataRequests(deps: AdvanceDeps, now = new Date()): Promise<void> {
  const running = await deps.db.dataRequest.findMany({
    where: { state: 'RUNNING' },
    include: { parts: true },
  });
  for (const request of running) {
    const late = request.createdAt.getTime() < now.getTime() - PATIENCE_MS;
    const isWaiting = request.parts.some(({ doneAt }) => !doneAt);
    // oxlint-disable-next-line no-await-in-loop -- few, and each is work for all services
    if (!isWaiting) await advanceDataRequest(deps, request.id);
    // oxlint-disable-next-line no-await-in-loop
    else if (late) await state(deps, request);
  }
  const expired = await deps.db.dataRequest.findMany({ where: { state: 'DONE', expiresAt: { lt: now } } });
  for (const { id } of expired) {
    // oxlint-disable-next-line no-await-in-loop
    await deps.objects.delete(await deps.objects.list(`${exportFolder(id)}/`));
    // oxlint-disable-next-line no-await-in-loop
    await deps.db.dataRequest.update({ where: { id }, data: { state: 'EXPIRED', archiveKey: null } });
  }
}

async function askAgain(deps: AdvanceDeps, request: DataRequest): Promise<void> {
  const { id } = request;
  const next = await deps.db.$transaction(async (tx) => {
    await tx.dataRequestPart.updateMany({ where: { requestId: id }, data: { doneAt: null } });
    return tx.dataRequest.update({ where: { id }, data: { round: { increment: 1 } } });
  });
  await state(deps, next);
}

/** States the wish; whoever has done it does it again, which changes nothing. */
async function state({ db, wakeRelay }: AdvanceDeps, request: DataRequest): Promise<void> {
  const { kind, round } = request;
  const ids = { requestId: DataRequestId.parse(request.id), userId: UserId.parse(request.userId) };
  const row =
    kind === 'EXPORT'
      ? outboxRow(exportRequested, { ...ids, prefix: exportFolder(request.id) })
      : outboxRow(erasureRequested, { ...ids, round });
  await db.outbox.create({ data: row });
  wakeRelay();
}

async function isLetterSettled({ db }: AdvanceDeps, { userId, createdAt }: DataRequest): Promise<boolean> {
  if (createdAt.getTime() < Date.now() - LETTER_MS) return true;
  const waiting = await db.letter.count({ where: { userId, template: 'erased', state: 'QUEUED' } });
  return waiting === 0;
}

/** Runs unless another process or delivery is at the same request. */
async function holding({ pool }: AdvanceDeps, id: string, run: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
      [id],
    );
    if (!rows[0]?.held) return;
    try {
      await run();
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [id]);
    }
  } finally {
    client.release();
  }
}
