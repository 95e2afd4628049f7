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
  return new Stream(open, capacity);
}

class Stream<T> implements AsyncIterableIterator<T>, AsyncDisposable {
  readonly #open: (sink: StreamSink<T>) => Promise<AsyncDisposable>;
  readonly #capacity: number;
  /** Either readers wait for values or values for readers. */
  readonly #readers: Deferred<IteratorResult<T>>[] = [];
  #values: T[] = [];
  #source: Promise<AsyncDisposable> | undefined;
  #end: { readonly reason?: unknown } | undefined;

  constructor(open: (sink: StreamSink<T>) => Promise<AsyncDisposable>, capacity: number) {
    this.#open = open;
    this.#capacity = capacity;
  }

  async next(): Promise<IteratorResult<T>> {
    if (!this.#source && !this.#end) {
      this.#source = this.#open({
        push: (value) => this.#push(value),
        end: () => this.#finish({}),
        fail: (reason) => this.#finish({ reason }),
      });
      this.#source.catch((err: unknown) => this.#finish({ reason: err }));
    }
    if (this.#values.length > 0) return { done: false, value: this.#values.shift() as T };
    const reader = createDeferred<IteratorResult<T>>();
    if (this.#end) this.#tellEnd(reader);
    else this.#readers.push(reader);
    return reader.promise;
  }

  async return(): Promise<IteratorResult<T>> {
    this.#values = [];
    this.#finish({});
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #push(value: T): void {
    if (this.#end) return;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ done: false, value });
    else if (this.#values.length < this.#capacity) this.#values.push(value);
    else this.#finish({ reason: new SlowReaderError(`${this.#capacity} events wait`) });
  }

  #finish(end: { readonly reason?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    for (const reader of this.#readers.splice(0)) this.#tellEnd(reader);
    void this.#release();
  }

  /** The first reader learns why, those after it that it is over. */
  #tellEnd(reader: Deferred<IteratorResult<T>>): void {
    if (this.#end && 'reason' in this.#end) reader.reject(this.#end.reason);
    else reader.resolve({ done: true, value: undefined });
    this.#end = {};
  }

  async #release(): Promise<void> {
    try {
      await (await this.#source)?.[Symbol.asyncDispose]();
    } catch {
      // the reader learns of a failed opening; a failed release has nobody to tell
    }
  }
}
