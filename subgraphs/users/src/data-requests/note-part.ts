import { type DataOf, type dataPartDone, DataRequestId, dataRequestMoved } from '@volna/events';
import type { Delivery } from '@volna/platform/bus';
import { once } from '@volna/platform/once';

import { type AdvanceDeps, advanceDataRequest } from './advance-data-request.ts';

/** Notes that a service has done its part, and goes on with the request when it was the last one. */
export async function notePart(
  deps: AdvanceDeps,
  { requestId, service, round, counts, files }: DataOf<typeof dataPartDone>,
  delivery: Delivery,
): Promise<void> {
  await once(deps.db, 'users-data-parts', delivery, async (tx) => {
    const request = await tx.dataRequest.findUnique({ where: { id: requestId } });
    const where = { requestId_service: { requestId, service } };
    const part = await tx.dataRequestPart.findUnique({ where });
    if (request?.round !== round || !part || part.doneAt) return;
    const total = sum(part.counts as Record<string, number>, counts);
    await tx.dataRequestPart.update({ where, data: { counts: total, files, doneAt: new Date() } });
  });
  deps.bus.signal(dataRequestMoved, { requestId: DataRequestId.parse(requestId) });
  await advanceDataRequest(deps, requestId);
}

/** What two rounds have counted. */
export function sum(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Record<string, number> {
  const total = { ...left };
  for (const [name, count] of Object.entries(right)) total[name] = (total[name] ?? 0) + count;
  return total;
}
