import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { parseRange } from '@volna/platform/byte-range';
import { logger } from '@volna/platform/log';
import { mediaTypeOf } from '@volna/platform/media-type';
import { type Objects, ObjectNotFoundError } from '@volna/platform/objects';

import type { ClosedTracks } from './closed-tracks.ts';
import { readGrant } from './grant.ts';

/** Renditions never change: another try writes to another folder, under another grant. */
const CACHE = 'private, max-age=31536000, immutable';
const PATH = /^\/hls\/([\w.-]+)\/((?:[\w-]+\/)?[\w-]+\.(?:m3u8|m4s|mp4|ts))$/;

interface StreamerDeps {
  readonly objects: Objects;
  readonly grantKey: string;
  readonly closed: Pick<ClosedTracks, 'refuses'>;
}

/**
 * Answers `/hls/<grant>/…` with playlists and segments, part requests (RFC 9110 §14) too; false for any other
 * path. The grant is in the path, so that the relative addresses inside of a playlist carry it on.
 */
export function createStreamer({ objects, grantKey, closed }: StreamerDeps) {
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
    if (grant === null) return end(response, 403, 'BAD_SIGNATURE');
    // as if it were not there: it is not, for whoever was given this
    if (closed.refuses(grant)) return end(response, 404, 'NOT_FOUND');
    try {
      await send(objects, `${grant.prefix}/${file}`, request, response);
    } catch (err) {
      if (err instanceof ObjectNotFoundError) return end(response, 404, 'NOT_FOUND');
      if (!response.destroyed) logger.warn({ err, file }, 'stream broke off');
      response.destroy();
    }
    return true;
  };
}

async function send(objects: Objects, key: string, request: IncomingMessage, response: ServerResponse) {
  const info = await objects.head(key);
  if (!info) throw new ObjectNotFoundError(key);
  const range = parseRange(request.headers.range, info.sizeBytes);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${info.sizeBytes}`);
    end(response, 416, 'RANGE_NOT_SATISFIABLE');
    return;
  }
  response.setHeader('content-type', mediaTypeOf(key));
  response.setHeader('cache-control', CACHE);
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
  response.setHeader('access-control-allow-headers', 'range');
  response.setHeader('access-control-expose-headers', 'content-length, content-range');
}

function end(response: ServerResponse, status: number, code?: string): true {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'application/json' });
  response.end(code && JSON.stringify({ code }));
  return true;
}
