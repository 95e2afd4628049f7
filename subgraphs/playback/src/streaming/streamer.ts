import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';

import { parseRange } from '@volna/platform/byte-range';
import { logger } from '@volna/platform/log';
import { mediaTypeOf } from '@volna/platform/media-type';
import { type Objects, ObjectNotFoundError } from '@volna/platform/objects';

import type { ClosedTracks } from './closed-tracks.ts';
import { type Grant, readGrant } from './grant.ts';
import { openStream } from './open-stream.ts';
import { createPace } from './pace.ts';

/** Renditions never change: another try writes to another folder, under another grant. */
const CACHE = 'private, max-age=31536000, immutable';
const PATH = /^\/hls\/([\w.-]+)\/((?:[\w-]+\/)?[\w-]+\.(?:m3u8|m4s|mp4|ts))$/;
const MASTER = /^(?:master|lossless)\.m3u8$/;

interface StreamerDeps {
  readonly objects: Objects;
  readonly grantKey: string;
  readonly closed: Pick<ClosedTracks, 'refuses'>;
}

/**
 * Answers `/hls/<grant>/…` with playlists and segments, part requests and conditional ones too (RFC 9110 §13, §14);
 * false for any other path. A grant that was handed out leads, by its master playlist, to one that plays for longer and
 * is in the path of all the rest, so that the relative addresses inside of a playlist carry it on.
 */
export function createStreamer({ objects, grantKey, closed }: StreamerDeps) {
  const pace = createPace();
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.split('?')[0] ?? '';
    if (!path.startsWith('/hls/')) return false;
    allowAnyOrigin(response);
    if (request.method === 'OPTIONS') return end(response, 204);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, 'METHOD_NOT_ALLOWED');
    const [, segment = '', file = ''] = PATH.exec(path) ?? [];
    const grant = readGrantSafely(grantKey, segment);
    if (grant === 'expired') return end(response, 403, 'URL_EXPIRED');
    if (grant === null || (grant.kind === 'open' && !MASTER.test(file)))
      return end(response, 403, 'BAD_SIGNATURE');
    // as if it were not there: it is not, for whoever was given this
    if (closed.refuses(grant)) return end(response, 404, 'NOT_FOUND');
    // a stranger's requests are counted for what was given to it
    const wait = pace(grant.userId ?? segment);
    if (wait === null) return refuseHaste(response);
    if (wait > 0) await setTimeout(wait);
    try {
      await answer(objects, grantKey, { grant, file }, request, response);
    } catch (err) {
      if (err instanceof ObjectNotFoundError) return end(response, 404, 'NOT_FOUND');
      if (!response.destroyed) logger.warn({ err, file }, 'stream broke off');
      response.destroy();
    }
    return true;
  };
}

async function answer(
  objects: Objects,
  key: string,
  { grant, file }: { grant: Grant; file: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (grant.kind === 'play') return await send(objects, `${grant.prefix}/${file}`, request, response);
  const playlist = await openStream(objects, key, grant, file);
  response.setHeader('content-type', mediaTypeOf(file));
  response.setHeader('cache-control', 'private, no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-length', playlist.length);
  response.writeHead(200);
  response.end(request.method === 'HEAD' ? undefined : playlist);
}

async function send(objects: Objects, key: string, request: IncomingMessage, response: ServerResponse) {
  const info = await objects.head(key);
  if (!info) throw new ObjectNotFoundError(key);
  const etag = `"${info.etag}"`;
  response.setHeader('etag', etag);
  response.setHeader('cache-control', CACHE);
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }
  const condition = request.headers['if-range'];
  const isWhole = condition !== undefined && condition !== etag;
  const range = isWhole ? null : parseRange(request.headers.range, info.sizeBytes);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${info.sizeBytes}`);
    end(response, 416, 'RANGE_NOT_SATISFIABLE');
    return;
  }
  response.setHeader('content-type', mediaTypeOf(key));
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-length', range ? range.end - range.start + 1 : info.sizeBytes);
  if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${info.sizeBytes}`);
  response.writeHead(range ? 206 : 200);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const { body } = await objects.read(key, range ?? undefined);
  await pipeline(body, response);
}

/** RFC 9110 §13.1.2; nothing here changes, so that weak tags are as good. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function readGrantSafely(key: string, segment: string) {
  try {
    return readGrant(key, segment);
  } catch {
    return null;
  }
}

/** The URL is the key: a page of any origin that was given one may play it. */
function allowAnyOrigin(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', 'range, if-none-match, if-range');
  response.setHeader('access-control-expose-headers', 'content-length, content-range, etag, retry-after');
}

function refuseHaste(response: ServerResponse): true {
  response.setHeader('retry-after', '1');
  return end(response, 429, 'RATE_LIMITED');
}

function end(response: ServerResponse, status: number, code?: string): true {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'application/json' });
  response.end(code && JSON.stringify({ code }));
  return true;
}
