import type { SignalDefinition } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { createStream } from '@volna/platform/stream';

/** How long a change may stay unseen whose signal was lost. */
const REREAD_MS = 5_000;

export interface News<T> {
  readonly values: readonly T[];
  /** True after the last value there will be. */
  readonly ended: boolean;
}

/**
 * A stream of what `read` finds: at once, then whenever a signal tells of a change. `read` is never run twice
 * at a time and gives only what it has not given before.
 */
export function follow<Signal, T>(
  bus: Bus,
  signal: SignalDefinition<Signal>,
  isMine: (data: Signal) => boolean,
  read: () => Promise<News<T>>,
): AsyncIterableIterator<T> {
  return createStream<T>(async (sink) => {
    let isReading = false;
    let isWanted = false;

    async function readAll(): Promise<void> {
      isWanted = true;
      if (isReading) return;
      isReading = true;
      try {
        while (isWanted) {
          isWanted = false;
          // oxlint-disable-next-line no-await-in-loop -- one look after the other
          const { values, ended } = await read();
          for (const value of values) sink.push(value);
          if (ended) sink.end();
        }
      } catch (err) {
        sink.fail(err);
      } finally {
        isReading = false;
      }
    }

    const listener = await bus.listen(signal, (data) => {
      if (isMine(data)) void readAll();
    });
    const timer = setInterval(() => void readAll(), REREAD_MS);
    void readAll();
    return {
      async [Symbol.asyncDispose]() {
        clearInterval(timer);
        await listener[Symbol.asyncDispose]();
      },
    };
  });
}
