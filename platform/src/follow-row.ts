import { coalesce } from './coalesce.ts';
import { createStream } from './stream.ts';

/** Hints may get lost, so the row is read at least this often. */
const SAFETY_MS = 2_000;

export interface Followed<Row> {
  /** Calls back on each hint that the row has moved, until disposed. */
  watch(moved: () => void): Disposable | Promise<AsyncDisposable>;
  read(): Promise<Row | null>;
  /** Asked once of each row that is read. */
  isNews(row: Row): boolean;
  /** Ends the stream behind this row, which is told whether or not it is news. */
  isLast(row: Row): boolean;
  /** Told where there is no row any more. */
  gone(): Error;
}

/**
 * A row as it is, then each newer state of it that is read, then the last. States that follow one another faster than
 * they are read become one.
 */
export function followRow<Row>(followed: Followed<Row>): AsyncIterableIterator<Row> {
  return createStream<Row>(async (sink) => {
    async function readOnce(): Promise<void> {
      const row = await followed.read();
      if (!row) return sink.fail(followed.gone());
      const isLast = followed.isLast(row);
      if (followed.isNews(row) || isLast) sink.push(row);
      if (isLast) sink.end();
    }

    const read = coalesce(readOnce, (err) => sink.fail(err));
    const source = new AsyncDisposableStack();
    source.use(await followed.watch(read));
    source.adopt(setInterval(read, SAFETY_MS), clearInterval);
    read();
    return source;
  });
}
