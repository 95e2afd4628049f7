import { letterOrdered, lettersForget } from '@volna/events';
import type { Bus, Retry } from '@volna/platform/bus';

import { sendLetter } from './send-letter.ts';
import type { Transport } from './transport.ts';

export interface NotifyOptions {
  readonly bus: Bus;
  readonly transport: Transport;
  /** Letters at a time. */
  readonly concurrency?: number;
  readonly retry?: Retry;
}

/** Mail servers are away for hours, not seconds: the last try is three hours and a half after the first. */
export const LETTER_RETRY: Retry = { deliveries: 12, pauseMs: 10_000, longestPauseMs: 3_600_000 };

/** The notify worker: sends what `users` has ordered, and forgets what is kept of it when it is told to. */
export async function startNotify({
  bus,
  transport,
  concurrency = 2,
  retry = LETTER_RETRY,
}: NotifyOptions): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  opening.use(
    await bus.consume(
      letterOrdered,
      'notify',
      ({ letterId }, { delivery }) =>
        sendLetter({ bus, transport }, letterId, { isLast: delivery >= retry.deliveries }),
      { concurrency, retry },
    ),
  );
  opening.use(
    await bus.answer(lettersForget, 'notify', async ({ letterIds }) => ({
      files: await transport.forget(letterIds),
    })),
  );
  return opening.move();
}
