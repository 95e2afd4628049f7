import type { ServerResponse } from 'node:http';

import { logger } from '@volna/platform/log';

import type { TokenError } from '../auth/token-error.ts';
import { MAX_BUFFERED_BYTES } from '../socket/socket-limits.ts';
import type { Results } from '../subscriptions/open-subscription.ts';
import type { StreamFormat } from './stream-format.ts';

const HEARTBEAT_MS = 5_000;

/**
 * Writes results until they end, the client goes, or its sign-in ends. A client that does not read is cut
 * off once too much waits for it.
 */
export async function writeStream(
  response: ServerResponse,
  format: StreamFormat,
  results: Results,
  watch: (onEnded: (reason: TokenError) => void) => Disposable | null,
): Promise<void> {
  let isOver = false;
  const write = (text: string): void => {
    if (isOver) return;
    if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
    else response.write(text);
  };
  const stop = (): void => {
    isOver = true;
    void results.return?.();
  };
  response.on('close', stop);
  response.writeHead(200, { ...format.headers, 'cache-control': 'no-store' });
  write(format.start);
  const heartbeat = setInterval(() => write(format.heartbeat), HEARTBEAT_MS);
  using _watched = watch(({ message, extensions }) => {
    write(format.result({ errors: [{ message, extensions }] }));
    finish();
  });

  function finish(): void {
    if (isOver) return;
    response.end(format.end);
    stop();
  }

  try {
    for await (const result of results) write(format.result(result));
  } catch (err) {
    logger.error({ err }, 'subscription failed');
  } finally {
    clearInterval(heartbeat);
    finish();
  }
}
