import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { CODES } from './errors/codes.ts';
import { CLOSE_CODES } from './errors/wire.ts';
import type { Answer } from './testing/answer.ts';
import { message, request, stated } from './testing/arbitraries.ts';
import { post, startToyGateway, type ToyGateway } from './testing/gateway.ts';
import { RawSocket } from './testing/sockets.ts';

/** The same requests at each run; another seed makes others. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 400);
/** Long after which nothing comes any more. */
const HANG_MS = 10_000;
const options = (share: number) => ({ seed: SEED, numRuns: Math.ceil(RUNS * share), endOnFailure: true });

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({ timeouts: { queryMs: 300 } });
});
// whatever was sent, the next one is served
afterEach(async () => {
  const { data } = await post(gateway, { query: '{ greeting }' });
  if (!data) throw new Error('the gateway does not answer any more');
});
afterAll(async () => gateway[Symbol.asyncDispose]());

type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

/** Sends a request as it is, and reads the answer to its end; a stream that goes on, for its first part only. */
async function send({
  method,
  type,
  accept,
  headers,
  body,
  path,
}: Request): Promise<[Response, string] | null> {
  const bodyless = method === 'GET' || method === 'HEAD';
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error('hangs')), HANG_MS);
  try {
    const all = new Headers({ accept });
    if (type !== '') all.set('content-type', type);
    for (const [name, value] of Object.entries(headers)) if (isHeader(value)) all.set(name, value);
    const search =
      bodyless && body.startsWith('{')
        ? `?${new URLSearchParams(asSearch(JSON.parse(body))).toString()}`
        : '';
    const init = { method, headers: all, signal: abort.signal, ...(!bodyless && { body }) };
    const response = await fetch(gateway.url + path + search, init);
    if (!/^(?:multipart|text\/event-stream)/.test(response.headers.get('content-type') ?? ''))
      return [response, await response.text()];
    await response.body?.getReader().read();
    abort.abort();
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function isHeader(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}

function asSearch(value: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, typeof part === 'string' ? part : JSON.stringify(part)]),
  );
}

/** What is wrong with an answer. */
function faultsOf({ method, accept, path }: Request, answer: [Response, string] | null): string[] {
  if (!answer) return [];
  const [{ status, headers }, text] = answer;
  if (status >= 500) return [`status ${status}`];
  if (method === 'HEAD' || status === 204) return [];
  if (headers.get('content-type')?.includes('text/html')) return accept === 'text/html' ? [] : ['a page'];
  const json: Answer = JSON.parse(text);
  return path === '/graphql' ? faultsIn(json.errors) : [];
}

/** Errors whose codes are not documented, or that tell of our code. */
function faultsIn(errors: Answer[] = []): string[] {
  const wrong = errors.filter(
    ({ message: text, extensions }) =>
      !Object.hasOwn(CODES, String(extensions?.code)) ||
      /node_modules|\.ts:\d|Cannot read|is not a function/.test(text),
  );
  return wrong.map((error) => JSON.stringify(error));
}

/** What is wrong with a message, or with the close, that a socket was answered by. */
function faultsOfSocket(heard: Answer): string[] {
  if (typeof heard === 'string') {
    return Object.hasOwn(CLOSE_CODES, heard.split(' ')[0] ?? '') ? [] : [heard];
  }
  const { type, payload } = heard;
  if (type === 'error') return faultsIn(payload);
  if (type === 'next') return faultsIn(payload.errors);
  return ['connection_ack', 'complete', 'ping', 'pong'].includes(type) ? [] : [type];
}

describe('whatever comes over HTTP', () => {
  it('is answered in JSON, with codes that are documented, and without a fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        expect(faultsOf(asked, await send(asked))).toEqual([]);
      }),
      options(1),
    );
  });

  it('is answered in the form of GraphQL when it is an operation', async () => {
    await fc.assert(
      fc.asyncProperty(stated, async (what) => {
        const answer = await post(gateway, what);
        expect(answer.status).toBeLessThan(500);
        expect(answer.data !== undefined || (answer.errors?.length ?? 0) > 0).toBe(true);
        expect(faultsIn(answer.errors)).toEqual([]);
      }),
      options(1),
    );
  });

  it('is answered or cut off when it is not even HTTP', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array)),
      fc
        .tuple(
          fc.constantFrom('GET', 'POST', 'BREW'),
          fc.string({ maxLength: 30 }),
          fc.string({ maxLength: 60 }),
        )
        .map(([method, path, rest]) => Buffer.from(`${method} /${path} HTTP/1.1\r\n${rest}\r\n\r\n`)),
      fc
        .tuple(fc.integer(), fc.string({ maxLength: 20 }))
        .map(([length, body]) =>
          Buffer.from(`POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n${body}`),
        ),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        const socket = connectTcp(gateway.port, '127.0.0.1');
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString('latin1')));
        socket.on('error', () => {});
        await once(socket, 'connect');
        const closed = once(socket, 'close');
        socket.end(sent);
        await closed;
        expect(text).not.toMatch(/^HTTP\/1\.1 5/);
      }),
      options(0.3),
    );
  });
});

async function byGet(path: string): Promise<Response> {
  const headers = { 'apollo-require-preflight': '1' };
  return fetch(gateway.url + path, { headers, signal: AbortSignal.timeout(HANG_MS) });
}

describe('what was found that way', () => {
  it('is no fault any more: paths that are taken for hosts', async () => {
    for (const path of ['//', '//x:99999', '/\\x:99999']) expect((await byGet(path)).status).toBe(404);
  });

  it('is no fault any more: a rule of graphql-js that throws', async () => {
    const query = 'subscription S($v: Boolean!) { ... on Subscription @include(if: $v) { ticks { seq } } }';
    const response = await byGet(`/graphql?query=${encodeURIComponent(query)}`);
    expect(response.status).toBe(400);
    const answer: Answer = await response.json();
    expect(faultsIn(answer.errors)).toEqual([]);
  });
});

describe('whatever comes over a WebSocket', () => {
  it('is answered by the protocol, or closes the socket with a code that is documented', async () => {
    const script = fc.array(
      fc.oneof(
        message.map((said) => JSON.stringify(said)),
        fc.string({ maxLength: 20 }),
        fc.uint8Array({ maxLength: 20 }),
      ),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(script, async (said) => {
        await using raw = await new RawSocket(gateway).open();
        for (const data of said) raw.socket.send(data ?? '');
        // an answer to this one, or the close, comes after all that was said before it
        raw.say({ type: 'ping', payload: { last: true } });
        for (;;) {
          const heard: Answer = await Promise.race([raw.hear(), raw.closed]);
          expect(faultsOfSocket(heard)).toEqual([]);
          if (typeof heard === 'string' || (heard.type === 'pong' && heard.payload?.last)) return;
        }
      }),
      options(0.4),
    );
  });

  it('leaves nothing open behind it', async () => {
    while (gateway.ticker.listeners > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(gateway.ticker.listeners).toBe(0);
  });
});
