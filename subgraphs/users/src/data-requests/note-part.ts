import { type DataOf, type dataPartDone, DataRequestId, dataRequestMoved } from '@volna/events';
import type { Delivery } from '@volna/platform/bus';
import { once } from '@volna/platform/once';
import { addCounts } from '@volna/platform/personal-data';

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
    // what two rounds have counted
    const total = addCounts(part.counts as Record<string, number>, counts);
    await tx.dataRequestPart.update({ where, data: { counts: total, files, doneAt: new Date() } });
  });
  deps.bus.signal(dataRequestMoved, { requestId: DataRequestId.parse(requestId) });
  await advanceDataRequest(deps, requestId);
}
