import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

import { parseRange } from '@volna/platform/byte-range';
import type { ByteRange } from '@volna/platform/objects';

import { ANY_ORIGIN, end } from './end.ts';

/** Renditions never change: another try writes to another folder, under another grant. */
const CACHE = 'private, max-age=31536000, immutable';

/** What an answer says of a file of a rendition. */
export interface FileInfo {
  readonly sizeBytes: number;
  /** With its quotes. */
  readonly etag: string;
  readonly contentType: string;
}

/**
 * Answers with a file, a part of it, or the news that there is none (RFC 9110 §13, §14). `write` sends the bytes that are
 * wanted, all of them for null; it is not called where none are.
 */
export function sendFile(
  file: FileInfo,
  request: IncomingMessage,
  response: ServerResponse,
  write: (range: ByteRange | null) => void | Promise<void>,
): void | Promise<void> {
  const { etag, sizeBytes } = file;
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, { ...ANY_ORIGIN, etag, 'cache-control': CACHE }).end();
    return;
  }
  const range = rangeOf(request, file);
  if (range === 'unsatisfiable') {
    const headers = { etag, 'content-range': `bytes */${sizeBytes}` };
    return void end(response, 416, 'RANGE_NOT_SATISFIABLE', headers);
  }
  response.writeHead(range ? 206 : 200, headersOf(file, range));
  if (request.method !== 'HEAD') return write(range);
  response.end();
}

/** In one piece: headers that are set one by one cost as much as all else that is done for a segment in memory. */
function headersOf({ etag, sizeBytes, contentType }: FileInfo, range: ByteRange | null): OutgoingHttpHeaders {
  return {
    ...ANY_ORIGIN,
    etag,
    'cache-control': CACHE,
    'content-type': contentType,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-length': range ? range.end - range.start + 1 : sizeBytes,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${sizeBytes}` }),
  };
}

function rangeOf({ headers }: IncomingMessage, { etag, sizeBytes }: FileInfo) {
  const condition = headers['if-range'];
  const isOther = condition !== undefined && condition !== etag;
  return isOther ? null : parseRange(headers.range, sizeBytes);
}

/** RFC 9110 §13.1.2; nothing here changes, so that weak tags are as good. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
