import type { ServerResponse } from 'node:http';

import { logger } from '@volna/platform/log';

import { TokenError } from '../auth/token-error.ts';
import type { Results } from '../operations/results.ts';
import { MAX_BUFFERED_BYTES } from '../socket/socket-limits.ts';
import type { StreamFormat } from './stream-format.ts';

const HEARTBEAT_MS = 5_000;

/**
 * Writes results until they end, the client goes, or its token expires. A client that does not read is cut
 * off once too much waits for it.
 */
export async function writeStream(
  response: ServerResponse,
  format: StreamFormat,
  results: Results,
  expiresAt: number | null,
): Promise<void> {
  let isOver = false;
  const write = (text: string): void => {
    if (isOver) return;
    response.write(text);
    if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
  };
  const stop = (): void => {
    isOver = true;
    void results.return?.();
  };
  response.on('close', stop);
  response.writeHead(200, { ...format.headers, 'cache-control': 'no-store' });
  write(format.start);
  const heartbeat = setInterval(() => write(format.heartbeat), HEARTBEAT_MS);
  const expiry =
    expiresAt === null
      ? undefined
      : setTimeout(() => {
          const { message, extensions } = new TokenError('TOKEN_EXPIRED');
          write(format.result({ errors: [{ message, extensions }] }));
          finish();
        }, timeUntil(expiresAt));

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
    clearTimeout(expiry);
    finish();
  }
}

/** Milliseconds from now, within what a timer can hold. */
export function timeUntil(at: number): number {
  return Math.min(Math.max(at - Date.now(), 0), 2 ** 31 - 1);
}
