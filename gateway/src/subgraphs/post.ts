import type { Dispatcher } from 'undici';

import { LateError } from './faults.ts';

export interface Posting {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

export interface Posted {
  readonly status: number;
  readonly text: string;
  /** The server closes the connection after this answer, as one does that is about to stop. */
  readonly isLast: boolean;
}

/**
 * Posts and gathers the whole answer. undici's `request` gives it as a stream, for a seventh of the gateway's CPU, and
 * an AbortSignal a request costs more than this timer.
 */
export function post(dispatcher: Dispatcher, { timeoutMs, ...posting }: Posting): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let isLast = false;
    let stop: ((reason: Error) => void) | undefined;
    const timer = setTimeout(() => {
      const late = new LateError(timeoutMs);
      reject(late);
      stop?.(late);
    }, timeoutMs);
    dispatcher.dispatch(
      { method: 'POST', ...posting },
      {
        onRequestStart(controller) {
          stop = (reason) => controller.abort(reason);
        },
        onResponseStart(_controller, statusCode, { connection }) {
          status = statusCode;
          isLast = connection === 'close';
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          clearTimeout(timer);
          const [only] = chunks;
          const whole = only && chunks.length === 1 ? only : Buffer.concat(chunks);
          resolve({ status, text: whole.toString(), isLast });
        },
        onResponseError(_controller, err) {
          clearTimeout(timer);
          reject(err);
        },
      },
    );
  });
}
