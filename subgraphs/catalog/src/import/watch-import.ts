import { importMoved } from '@volna/events';
import { ClientError } from '@volna/platform/errors';
import { createStream, type StreamSink } from '@volna/platform/stream';

import type { Context } from '../context.ts';
import { countProcessing } from '../loaders/imports.ts';
import type { ImportRun } from '../models.ts';
import { findImportRun } from './list-imports.ts';
import { ENDED } from './start-import.ts';

/** Hints may get lost, so the row is read at least this often; and no more than this often for hints. */
const SAFETY_MS = 2_000;
const EVERY_MS = 200;
/** Readings in a row that may fail. */
const MAX_FAILURES = 10;

type Watcher = Pick<Context, 'db' | 'bus' | 'requireAdmin'>;

/** A run: its present state, then each newer one that is read, then the last. */
export async function watchImport(
  context: Watcher,
  rawId: string,
): Promise<AsyncIterableIterator<ImportRun>> {
  const run = await findImportRun(context, rawId);
  if (!run) throw noRun();
  return createStream((sink) => follow(context, run.id, sink));
}

async function follow(context: Watcher, id: string, sink: StreamSink<ImportRun>): Promise<AsyncDisposable> {
  let seen = '';
  let isStale = true;
  let readAt = 0;
  let failures = 0;
  let reading: Promise<void> | null = null;

  async function readOnce(): Promise<void> {
    isStale = false;
    readAt = Date.now();
    try {
      const run = await findImportRun(context, id);
      if (!run) return sink.fail(noRun());
      const isLast = ENDED.some((state) => state === run.state);
      const now = await stateOf(context, run);
      if (now !== seen || isLast) sink.push(run);
      seen = now;
      if (isLast) sink.end();
      failures = 0;
    } catch (err) {
      // what cannot be read now may be readable in a moment
      if (++failures > MAX_FAILURES) sink.fail(err);
    }
  }
  const tick = () => {
    if (reading || (!isStale && Date.now() - readAt < SAFETY_MS)) return;
    reading = readOnce().finally(() => (reading = null));
  };
  const listener = await context.bus.listen(importMoved, ({ runId }) => {
    if (runId === id) isStale = true;
  });
  const timer = setInterval(tick, EVERY_MS);
  tick();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await listener[Symbol.asyncDispose]();
      await reading;
    },
  };
}

/** Tracks that are done change no row of the run. */
async function stateOf({ db }: Watcher, { id, seq, state }: ImportRun): Promise<string> {
  return state === 'PROCESSING' ? `${seq} ${(await countProcessing(db, [id])).join()}` : String(seq);
}

const noRun = () => new ClientError('NOT_FOUND', 'there is no such run');
