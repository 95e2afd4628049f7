import { dataRequestMoved } from '@volna/events';
import { ClientError } from '@volna/platform/errors';
import { followRow } from '@volna/platform/follow-row';

import type { Context } from '../context.ts';
import type { DataRequest, WholeDataRequest } from '../models.ts';

/** A request that the viewer may know of. */
export async function findDataRequest(
  { db, viewer }: Pick<Context, 'db' | 'viewer'>,
  id: string,
): Promise<DataRequest | null> {
  const request = await db.dataRequest.findUnique({ where: { id } });
  return request && mayKnow(viewer, request) ? request : null;
}

/** The request as it is, then each time that it has moved, until it is done. */
export async function watchDataRequest(
  context: Pick<Context, 'db' | 'viewer' | 'bus'>,
  id: string,
): Promise<AsyncIterableIterator<WholeDataRequest>> {
  if (!(await findDataRequest(context, id))) throw noRequest();
  let told = '';
  return followRow({
    watch: (moved) => context.bus.listen(dataRequestMoved, ({ requestId }) => requestId === id && moved()),
    read: () => readWhole(context, id),
    isNews({ state, round, parts }) {
      const before = told;
      told = `${state} ${round} ${parts.map(({ doneAt }) => doneAt !== null).join(' ')}`;
      return told !== before;
    },
    isLast: ({ state }) => state !== 'RUNNING',
    gone: noRequest,
  });
}

/** The request with its parts as they were at one moment: its round and what is done in it belong together. */
async function readWhole(
  { db, viewer }: Pick<Context, 'db' | 'viewer'>,
  id: string,
): Promise<WholeDataRequest | null> {
  const request = await db.$transaction(
    (tx) => tx.dataRequest.findUnique({ where: { id }, include: { parts: { orderBy: { service: 'asc' } } } }),
    { isolationLevel: 'RepeatableRead' },
  );
  return request && mayKnow(viewer, request) ? request : null;
}

/**
 * Their own. A finished erasure is shown to whoever knows its id, for its owner has no account any more and the receipt
 * names nobody.
 */
function mayKnow(viewer: Context['viewer'], { kind, state, userId }: DataRequest): boolean {
  const isProof = kind === 'ERASURE' && state === 'DONE';
  return isProof || viewer?.userId === userId;
}

const noRequest = () => new ClientError('NOT_FOUND', 'there is no such request of yours');
