import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { JobError } from '@volna/platform/job-progress';

export interface Bounds {
  readonly maxBytes: number;
  /** At least this many bytes arrive in each such time. */
  readonly slowest: { readonly bytes: number; readonly withinMs: number };
  readonly onBytes: (total: number) => void;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** A body as it was before the server compressed it; a compression of a compression is refused. */
export function decodeBody(body: Readable, encoding: string): Readable {
  if (encoding === '' || encoding === 'identity') return body;
  const decoder = DECODERS[encoding];
  if (!decoder) throw new JobError('FETCH_FAILED', 'the server compresses the file in an unknown way');
  // a failure of either is one of the other: whoever reads hears of it
  return pipeline(body, decoder(), () => undefined);
}

/** Passes bytes on until they are too many or come too slowly, whatever the server has announced. */
export async function* boundBody(
  body: Readable,
  { maxBytes, slowest, onBytes }: Bounds,
): AsyncIterable<Uint8Array> {
  let total = 0;
  let before = 0;
  const watch = setInterval(() => {
    if (total - before < slowest.bytes) body.destroy(tooSlow());
    before = total;
  }, slowest.withinMs);
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      total += chunk.length;
      if (total > maxBytes) throw tooLarge(maxBytes);
      onBytes(total);
      yield chunk;
      // the time that the reader takes is no fault of the server's
    }
  } finally {
    clearInterval(watch);
    body.destroy();
  }
}

export const tooLarge = (maxBytes: number) =>
  new JobError('FILE_TOO_LARGE', `the file has more than ${maxBytes} bytes`);

const tooSlow = () => new JobError('TIMED_OUT', 'the server sends the file too slowly');
