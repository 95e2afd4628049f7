import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Most that a subgraph reads of one request or message. */
export const MAX_BODY_BYTES = 1_048_576;
/** How long open requests may take to finish once a server is told to stop. */
const DRAIN_MS = 5_000;
const LOOK_MS = 20;

/** Answers a request and says so, or leaves it to the next route. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** A request's fault, with the status that answers it. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new HttpError(413, `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  contentType = 'application/json; charset=utf-8',
): void {
  // a text leaves in one write with the headers, a buffer in a second one
  const body = JSON.stringify(value);
  const bytes = Buffer.byteLength(body);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': bytes,
    'cache-control': 'no-store',
  });
  // what is all ASCII is copied, not encoded
  response.end(body, bytes === body.length ? 'latin1' : 'utf8');
}

/** Takes a port, a free one for 0, and gives it. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

export interface Notice {
  /** How long requests are still taken: whoever sends them learns meanwhile that they had better go elsewhere. */
  readonly noticeMs: number;
  /** Whether a server to which nobody is connected may stop at once. */
  readonly untilAlone?: boolean;
}

/**
 * Has each answer close its connection, takes no more requests once notice has been given, lets the open ones finish,
 * and cuts off those that take too long.
 */
export async function drain(server: Server, notice?: Notice): Promise<void> {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  if (notice) await giveNotice(server, notice);
  const closed = once(server, 'close');
  server.close();
  // a connection that falls idle after this is kept alive by its client
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_MS);
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

async function giveNotice(server: Server, { noticeMs, untilAlone = false }: Notice): Promise<void> {
  const endsAt = performance.now() + noticeMs;
  const countConnections = promisify(server.getConnections.bind(server));
  while (performance.now() < endsAt) {
    if (untilAlone && (await countConnections()) === 0) return;
    await wait(Math.min(LOOK_MS, noticeMs));
  }
}
