import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { parseRange } from './byte-range.ts';
import { attachment } from './content-disposition.ts';
import { logger } from './log.ts';
import type { ObjectFiles, OpenedObject } from './object-files.ts';
import type { DirectoryUploads } from './objects-directory-uploads.ts';
import { checkSignedKey, UploadNotFoundError } from './objects.ts';
import { verifyTarget } from './signed-target.ts';

export const OBJECTS_PATH = '/objects/';

export interface ObjectsStore {
  readonly signingKey: string;
  readonly files: ObjectFiles;
  readonly uploads: DirectoryUploads;
}

/** A request that is not served, and the code that tells the client why. */
class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A signed URL is all that it takes, from any page: there are no cookies here to steal. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, Content-Length, Content-Range, Accept-Ranges, Content-Disposition',
};
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT',
  'Access-Control-Allow-Headers': 'Content-Type, Range, If-None-Match, If-Range, Cache-Control',
  'Access-Control-Max-Age': '7200',
};
/** What was uploaded is never a page of ours. */
const SAFE = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
};
/** How much of a refused body is read so that the client sees the answer. */
const MAX_DRAINED_BYTES = 1024 * 1024;
/** How long one that sends more has to read it: a connection that is reset takes what is unread with it. */
const LINGER_MS = 2_000;

/** Serves signed URLs: GET and HEAD of an object, PUT of a part. */
export async function handleObjects(
  store: ObjectsStore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (!request.url?.startsWith(OBJECTS_PATH)) return false;
  for (const [name, value] of Object.entries({ ...CORS, ...SAFE })) response.setHeader(name, value);
  try {
    await serve(store, request, response);
  } catch (err) {
    answerError(request, response, err);
  }
  return true;
}

async function serve(store: ObjectsStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '' } = request;
  if (method === 'OPTIONS') return void response.writeHead(204, PREFLIGHT).end();
  if (method === 'PUT') return putPart(store, request, response);
  if (method === 'GET' || method === 'HEAD') return getObject(store, request, response);
  response.setHeader('Allow', 'GET, HEAD, PUT, OPTIONS');
  throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'a signed URL is for GET or PUT');
}

async function putPart(
  { signingKey, uploads }: ObjectsStore,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { key, query } = verify(signingKey, 'PUT', request);
  const sizeBytes = Number(query.get('size'));
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) !== sizeBytes) throw wrongSize(sizeBytes);
  const bytes = exactly(request.iterator({ destroyOnReturn: false }), sizeBytes);
  const etag = await uploads.putPart(key, query.get('upload') ?? '', Number(query.get('part')), bytes);
  response.writeHead(200, { ETag: `"${etag}"`, 'Content-Length': '0' }).end();
}

async function getObject(
  { signingKey, files }: ObjectsStore,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { key, query } = verify(signingKey, 'GET', request);
  await using opened = await files.open(key);
  if (!opened) throw new Refusal(404, 'OBJECT_NOT_FOUND', 'there is no such object');
  const name = query.get('name');
  if (name !== null) {
    response.setHeader('Content-Disposition', attachment(Buffer.from(name, 'base64url').toString()));
  }
  await answerObject(opened, request, response);
}

async function answerObject(
  opened: OpenedObject,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { contentType, etag, sizeBytes } = opened.info;
  response.setHeader('ETag', `"${etag}"`);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Cache-Control', opened.cacheControl ?? 'private, no-cache');
  if (isKnown(request.headers['if-none-match'], etag)) return void response.writeHead(304).end();

  const range = isSame(request.headers['if-range'], etag)
    ? parseRange(request.headers.range, sizeBytes)
    : null;
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${sizeBytes}`);
    throw new Refusal(416, 'RANGE_NOT_SATISFIABLE', 'the range begins behind the end');
  }
  if (range) response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
  const length = range ? range.end - range.start + 1 : sizeBytes;
  response.writeHead(range ? 206 : 200, { 'Content-Type': contentType, 'Content-Length': length });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(await opened.read(range), response);
}

function verify(
  signingKey: string,
  method: string,
  request: IncomingMessage,
): { key: string; query: URLSearchParams } {
  const verdict = verifyTarget(signingKey, method, request.url ?? '');
  if (verdict === 'URL_EXPIRED') throw new Refusal(403, verdict, 'this URL is expired; ask for a new one');
  if (verdict === 'BAD_SIGNATURE') throw new Refusal(403, verdict, 'this URL is not as it was signed');
  return { key: checkSignedKey(verdict.pathname.slice(OBJECTS_PATH.length)), query: verdict.searchParams };
}

/** Passes bytes on and throws as soon as they are too many, or at the end when they were too few. */
async function* exactly(bytes: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncIterable<Uint8Array> {
  let count = 0;
  for await (const chunk of bytes) {
    count += chunk.byteLength;
    if (count > sizeBytes) throw wrongSize(sizeBytes);
    yield chunk;
  }
  if (count < sizeBytes) throw wrongSize(sizeBytes);
}

function wrongSize(sizeBytes: number): Refusal {
  return new Refusal(400, 'SIZE_MISMATCH', `this URL takes exactly ${sizeBytes} bytes`);
}

function isKnown(header: string | undefined, etag: string): boolean {
  const known = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return known.includes('*') || known.includes(`"${etag}"`);
}

function isSame(header: string | string[] | undefined, etag: string): boolean {
  return header === undefined || header === `"${etag}"`;
}

function answerError(request: IncomingMessage, response: ServerResponse, err: unknown): void {
  if (response.headersSent || request.socket.destroyed) return breakOff(response, err);
  const { status, code, message } = toRefusal(err);
  const body = JSON.stringify({ code, message });
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
  drain(request);
}

/** The client has gone, or has to learn from a broken connection that it has not all of the body. */
function breakOff(response: ServerResponse, err: unknown): void {
  if (!response.destroyed) logger.error({ err }, 'object not served to its end');
  response.destroy();
}

function toRefusal(err: unknown): Refusal {
  if (err instanceof Refusal) return err;
  if (err instanceof UploadNotFoundError)
    return new Refusal(404, 'UPLOAD_NOT_FOUND', 'there is no such upload');
  logger.error({ err }, 'object not served');
  const { code } = err as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return full
    ? new Refusal(507, 'STORAGE_FULL', 'no room for it')
    : new Refusal(500, 'INTERNAL', 'unexpected error');
}

function drain(request: IncomingMessage): void {
  let left = MAX_DRAINED_BYTES;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left >= 0) return;
    request.removeAllListeners('data').pause();
    setTimeout(() => request.destroy(), LINGER_MS).unref();
  });
}
