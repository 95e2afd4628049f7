import { dataRequestMoved } from '@volna/events';
import { ClientError } from '@volna/platform/errors';
import { createStream, type StreamSink } from '@volna/platform/stream';

import type { Context } from '../context.ts';
import type { DataRequest } from '../models.ts';

/** Hints may get lost, so the row is read at least this often. */
const SAFETY_MS = 2_000;

/**
 * A request that the viewer may know of: their own. A finished erasure is shown to whoever knows its id, for its owner
 * has no account any more and the receipt names nobody.
 */
export async function findDataRequest(
  { db, viewer }: Pick<Context, 'db' | 'viewer'>,
  id: string,
): Promise<DataRequest | null> {
  const request = await db.dataRequest.findUnique({ where: { id } });
  if (!request) return null;
  const isProof = request.kind === 'ERASURE' && request.state === 'DONE';
  return isProof || viewer?.userId === request.userId ? request : null;
}

/** The request as it is, then each time that it has moved, until it is done. */
export async function watchDataRequest(
  context: Context,
  id: string,
): Promise<AsyncIterableIterator<DataRequest>> {
  if (!(await findDataRequest(context, id))) throw noRequest();
  return createStream((sink) => follow(context, id, sink));
}

async function follow(context: Context, id: string, sink: StreamSink<DataRequest>): Promise<AsyncDisposable> {
  let reading = Promise.resolve();
  let told = '';
  const readOnce = async (): Promise<void> => {
    const request = await findDataRequest(context, id);
    if (!request) return sink.fail(noRequest());
    const done = await context.db.dataRequestPart.count({ where: { requestId: id, doneAt: { not: null } } });
    const now = `${request.state} ${request.round} ${done}`;
    if (now !== told) sink.push(request);
    told = now;
    if (request.state !== 'RUNNING') sink.end();
  };
  const read = (): void => {
    reading = reading.then(readOnce).catch((err: unknown) => sink.fail(err));
  };
  const listener = await context.bus.listen(dataRequestMoved, ({ requestId }) => {
    if (requestId === id) read();
  });
  const timer = setInterval(read, SAFETY_MS);
  read();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await listener[Symbol.asyncDispose]();
    },
  };
}

const noRequest = () => new ClientError('NOT_FOUND', 'there is no such request of yours');
