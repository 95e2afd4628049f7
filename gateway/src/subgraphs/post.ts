import type { Dispatcher } from 'undici';

export interface Posting {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Posted {
  readonly status: number;
  readonly text: string;
}

/** Posts and gathers the whole answer. undici's `request` gives it as a stream, for a seventh of the gateway's CPU. */
export function post(dispatcher: Dispatcher, { signal, ...posting }: Posting): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let stop: (() => void) | undefined;
    dispatcher.dispatch(
      { method: 'POST', ...posting },
      {
        onRequestStart(controller) {
          stop = () => controller.abort(signal?.reason as Error);
          if (signal?.aborted) stop();
          else signal?.addEventListener('abort', stop);
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          if (stop) signal?.removeEventListener('abort', stop);
          const [only] = chunks;
          resolve({ status, text: (only && chunks.length === 1 ? only : Buffer.concat(chunks)).toString() });
        },
        onResponseError(_controller, err) {
          if (stop) signal?.removeEventListener('abort', stop);
          reject(err);
        },
      },
    );
  });
}
