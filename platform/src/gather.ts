import { logger } from './log.ts';

export interface GatherOptions {
  /** How long the first item waits for others. */
  readonly withinMs?: number;
  /** Most items that are sent at once. */
  readonly most?: number;
  /** Items that wait at a time while what sends them is slow or away; more are dropped. */
  readonly mostWaiting?: number;
}

/** Takes items that may be lost, and sends many at once. */
export interface Gathering<Item> extends AsyncDisposable {
  /** Returns at once and never throws. */
  note(item: Item): void;
}

/** Gathers items that nobody waits for, such as lines of a log, and sends them in batches. What cannot be sent is lost. */
export function startGathering<Item>(
  send: (items: Item[]) => Promise<void>,
  { withinMs = 1_000, most = 500, mostWaiting = 10_000 }: GatherOptions = {},
): Gathering<Item> {
  let waiting: Item[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();
  let pending = 0;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    pending += batch.length;
    sending = sending
      .then(() => send(batch))
      .catch((err: unknown) => logger.warn({ err, count: batch.length }, 'gathered items are lost'))
      .finally(() => (pending -= batch.length));
  }

  return {
    note(item) {
      if (waiting.length + pending >= mostWaiting) return;
      waiting.push(item);
      if (waiting.length >= most) flush();
      else timer ??= setTimeout(flush, withinMs);
    },
    async [Symbol.asyncDispose]() {
      flush();
      await sending;
    },
  };
}
