import { type Deferred, createDeferred } from './deferred.ts';

/** How many events may wait for a reader before the reader counts as too slow. */
const CAPACITY = 1_000;

export interface StreamSink<T> {
  push(value: T): void;
  /** Ends the stream once everything pushed is read. */
  end(): void;
  /** Ends it likewise, with an error. */
  fail(reason: unknown): void;
}

/** The reader of a stream fell so far behind that keeping its events would cost too much memory. */
export class SlowReaderError extends Error {
  override name = 'SlowReaderError';
}

/**
 * A source for a subscription. `open` runs at the first `next()` and gives what `return()` must release;
 * `return()` ends a pending `next()` at once, which an async generator cannot.
 */
export function createStream<T>(
  open: (sink: StreamSink<T>) => Promise<AsyncDisposable>,
  capacity = CAPACITY,
): AsyncIterableIterator<T> & AsyncDisposable {
  const waiting: Deferred<IteratorResult<T>>[] = [];
  const values: T[] = [];
  let source: Promise<AsyncDisposable> | undefined;
  let ended: { readonly reason?: unknown } | undefined;

  function finish(end: { readonly reason?: unknown }): void {
    if (ended) return;
    ended = end;
    while (waiting.length > 0) settle(waiting.shift());
    void release();
  }

  function settle(reader: Deferred<IteratorResult<T>> | undefined): void {
    if (ended && 'reason' in ended) {
      reader?.reject(ended.reason);
      ended = {};
    } else reader?.resolve({ done: true, value: undefined });
  }

  async function release(): Promise<void> {
    try {
      await (await source)?.[Symbol.asyncDispose]();
    } catch {
      // the one who opens it learns of a failed opening; a failed release has nobody to tell
    }
  }

  const sink: StreamSink<T> = {
    push(value) {
      if (ended) return;
      const reader = waiting.shift();
      if (reader) reader.resolve({ done: false, value });
      else if (values.length < capacity) values.push(value);
      else finish({ reason: new SlowReaderError(`${capacity} events wait`) });
    },
    end: () => finish({}),
    fail: (reason) => finish({ reason }),
  };

  async function next(): Promise<IteratorResult<T>> {
    if (!source && !ended) {
      source = open(sink);
      source.catch((err: unknown) => finish({ reason: err }));
    }
    const value = values.shift();
    if (value !== undefined) return { done: false, value };
    const reader = createDeferred<IteratorResult<T>>();
    if (ended) settle(reader);
    else waiting.push(reader);
    return reader.promise;
  }

  async function close(): Promise<IteratorResult<T>> {
    values.length = 0;
    finish({});
    return { done: true, value: undefined };
  }

  return {
    next,
    return: close,
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}
