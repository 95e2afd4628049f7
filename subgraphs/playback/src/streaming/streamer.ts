import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';

import { logger } from '@volna/platform/log';
import { mediaTypeOf } from '@volna/platform/media-type';
import { type Objects, ObjectNotFoundError } from '@volna/platform/objects';

import type { ClosedTracks } from './closed-tracks.ts';
import { ANY_ORIGIN, end } from './end.ts';
import { createGrantReader, type Grant } from './grant.ts';
import { openStream } from './open-stream.ts';
import { createPace } from './pace.ts';
import { type Segment, Segments } from './segments.ts';
import { sendFile } from './send-file.ts';

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
  const segments = new Segments(objects);
  const readGrant = createGrantReader(grantKey);

  async function answer(
    grant: Grant,
    file: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (grant.kind === 'open') {
      const playlist = await openStream(objects, grantKey, grant, file);
      return sendPlaylist(playlist, file, request, response);
    }
    const key = `${grant.prefix}/${file}`;
    const found = segments.find(key);
    const kept = found instanceof Promise ? await found : found;
    if (kept) sendKept(kept, request, response);
    else await sendStored(objects, key, request, response);
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.split('?')[0] ?? '';
    if (!path.startsWith('/hls/')) return false;
    if (request.method === 'OPTIONS') return end(response, 204);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, 'METHOD_NOT_ALLOWED', { allow: 'GET, HEAD, OPTIONS' });
    const [, segment = '', file = ''] = PATH.exec(path) ?? [];
    const grant = readGrant(segment);
    if (grant === 'expired') return end(response, 403, 'URL_EXPIRED');
    if (grant === null || (grant.kind === 'open' && !MASTER.test(file)))
      return end(response, 403, 'BAD_SIGNATURE');
    // as if it were not there: it is not, for whoever was given this
    if (closed.refuses(grant)) return end(response, 404, 'NOT_FOUND');
    // a stranger's requests are counted for what was given to it
    const wait = pace(grant.userId ?? segment);
    if (wait === null) return end(response, 429, 'RATE_LIMITED', { 'retry-after': '1' });
    if (wait > 0) await setTimeout(wait);
    try {
      await answer(grant, file, request, response);
    } catch (err) {
      if (err instanceof ObjectNotFoundError) return end(response, 404, 'NOT_FOUND');
      if (!response.destroyed) logger.warn({ err, file }, 'stream broke off');
      response.destroy();
    }
    return true;
  };
}

function sendPlaylist(
  playlist: Buffer,
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, {
    ...ANY_ORIGIN,
    'content-type': mediaTypeOf(file),
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'content-length': playlist.length,
  });
  response.end(request.method === 'HEAD' ? undefined : playlist);
}

function sendKept(kept: Segment, request: IncomingMessage, response: ServerResponse): void {
  void sendFile(kept, request, response, (range) => {
    response.end(range ? kept.bytes.subarray(range.start, range.end + 1) : kept.bytes);
  });
}

async function sendStored(
  objects: Objects,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const info = await objects.head(key);
  if (!info) throw new ObjectNotFoundError(key);
  const { sizeBytes, etag } = info;
  const file = { sizeBytes, etag: `"${etag}"`, contentType: mediaTypeOf(key) };
  await sendFile(file, request, response, async (range) => {
    const { body } = await objects.read(key, range ?? undefined);
    await pipeline(body, response);
  });
}
