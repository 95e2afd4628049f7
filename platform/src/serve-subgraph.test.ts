import { type IncomingMessage, request as sendRequest } from 'node:http';

import { describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { createSubgraph } from './create-subgraph.ts';
import { type Deferred, createDeferred } from './deferred.ts';
import { sendJson } from './http.ts';
import { type Caller, IDENTITY_HEADER, signCaller } from './identity.ts';
import { type ServeOptions, serveSubgraph } from './serve-subgraph.ts';
import { createStream } from './stream.ts';
import { aCaller, aViewer } from './testing/subgraph-client.ts';

const KEY = 'a key that gateway and subgraphs share';
const typeDefs = `
  type Query { me: String, slow: String }
  type Subscription { me: String, silence: Int }
`;

interface Gate {
  readonly entered: Deferred<void>;
  readonly open: Deferred<string>;
  readonly released: Deferred<void>;
}

const me = (_root: unknown, _args: unknown, { caller }: { caller: Caller }) =>
  caller.viewer?.userId ?? 'nobody';

function serveSample(options: Partial<ServeOptions> = {}, gate?: Gate) {
  const resolvers = {
    Query: {
      me,
      slow: () => {
        gate?.entered.resolve();
        return gate?.open.promise;
      },
    },
    Subscription: {
      me: {
        resolve: me,
        async *subscribe() {
          yield {};
        },
      },
      silence: {
        subscribe: () =>
          createStream(async () => {
            gate?.entered.resolve();
            return {
              async [Symbol.asyncDispose]() {
                gate?.released.resolve();
              },
            };
          }),
      },
    },
  };
  const subgraph = createSubgraph({
    name: 'sample',
    typeDefs,
    resolvers,
    createContext: (caller) => ({ caller }),
  });
  return serveSubgraph(subgraph, { port: 0, internalKey: KEY, ...options });
}

const createGate = (): Gate => ({
  entered: createDeferred(),
  open: createDeferred(),
  released: createDeferred(),
});

async function ask(
  url: string,
  query: string,
  { caller = aCaller(), signedBody = '', audience = 'sample' } = {},
) {
  const body = JSON.stringify({ query });
  const headers = { [IDENTITY_HEADER]: signCaller(KEY, audience, signedBody || body, caller) };
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, answer: (await response.json()) as any };
}

function connect(url: string, connectionParams: Record<string, unknown>) {
  const target = url.replace('http', 'ws');
  return createClient({ url: target, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
}

const identify = (caller: Caller) => ({ [IDENTITY_HEADER]: signCaller(KEY, 'sample', '', caller) });

const answerKeys = async (request: IncomingMessage, response: Parameters<typeof sendJson>[0]) => {
  if (request.url !== '/keys') return false;
  sendJson(response, 200, { keys: [] });
  return true;
};

describe('a served subgraph', () => {
  it('answers the caller whom the gateway names', async () => {
    await using server = await serveSample();
    const alice = aViewer();
    expect(await ask(server.url, '{ me }', { caller: aCaller(alice) })).toEqual({
      status: 200,
      answer: { data: { me: alice.userId } },
    });
  });

  it.each([{ signedBody: '{"query":"{ other }"}' }, { audience: 'another' }])(
    'answers nobody whose header proves nothing: %j',
    async (header) => {
      await using server = await serveSample();
      const { status, answer } = await ask(server.url, '{ me }', header);
      expect(status).toBe(401);
      expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    },
  );

  it.each([
    ['POST', '/graphql', 'x'.repeat(1_048_577), 413],
    ['POST', '/graphql', '{}', 401],
    ['GET', '/graphql', undefined, 405],
    ['GET', '/nothing', undefined, 404],
  ])('answers %s %s with a documented status', async (method, path, body, status) => {
    await using server = await serveSample();
    const response = await fetch(new URL(path, server.url), { method, ...(body && { body }) });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
  });

  it('refuses a signed body that is no request', async () => {
    await using server = await serveSample();
    const headers = { [IDENTITY_HEADER]: signCaller(KEY, 'sample', '[1]', aCaller()) };
    const response = await fetch(server.url, { method: 'POST', body: '[1]', headers });
    expect(response.status).toBe(400);
  });

  it('is live at once and ready when its backends are', async () => {
    const backends = [new Error('no database'), false, true];
    const readiness = async () => {
      const state = backends.shift();
      if (state instanceof Error) throw state;
      return state === true;
    };
    await using server = await serveSample({ readiness });
    const look = async (what: string) => (await fetch(new URL(`/health/${what}`, server.url))).status;
    expect([await look('live'), await look('ready')]).toEqual([200, 503]);
    expect([await look('ready'), await look('ready')]).toEqual([503, 200]);
  });

  it('answers routes of the service', async () => {
    await using server = await serveSample({ routes: [answerKeys] });
    expect(await (await fetch(new URL('/keys', server.url))).json()).toEqual({ keys: [] });
  });

  it('finishes what it has begun before it stops', async () => {
    const gate = createGate();
    const server = await serveSample({}, gate);
    const answering = ask(server.url, '{ slow }');
    await gate.entered.promise;
    const stopping = server[Symbol.asyncDispose]();
    gate.open.resolve('done');
    expect((await answering).answer).toEqual({ data: { slow: 'done' } });
    await stopping;
    await expect(ask(server.url, '{ me }')).rejects.toThrow('fetch failed');
  });

  it('survives a client that leaves in the middle of its request', async () => {
    await using server = await serveSample();
    const left = createDeferred<unknown>();
    const broken = sendRequest(server.url, { method: 'POST', headers: { 'content-length': 100 } });
    broken.on('error', left.resolve);
    broken.write('{', () => broken.destroy(new Error('gone')));
    await left.promise;
    expect((await ask(server.url, '{ me }')).status).toBe(200);
  });
});

describe('a subscription over graphql-ws', () => {
  it('is of the caller whom connection_init proves', async () => {
    await using server = await serveSample();
    const alice = aViewer();
    const client = connect(server.url, identify(aCaller(alice)));
    const results = [];
    for await (const result of client.iterate({ query: 'subscription { me }' })) results.push(result);
    expect(results).toEqual([{ data: { me: alice.userId } }]);
    await client.dispose();
  });

  it.each([{}, { [IDENTITY_HEADER]: 'forged' }, { [IDENTITY_HEADER]: 7 }])(
    'is refused to %j',
    async (params) => {
      await using server = await serveSample();
      const client = connect(server.url, params);
      await expect(client.iterate({ query: 'subscription { me }' }).next()).rejects.toMatchObject({
        code: 4403,
      });
    },
  );

  it('releases its source when the client completes it', async () => {
    const gate = createGate();
    await using server = await serveSample({}, gate);
    const client = connect(server.url, identify(aCaller()));
    const results = client.iterate({ query: 'subscription { silence }' });
    const pending = results.next();
    await gate.entered.promise;
    await results.return?.();
    await gate.released.promise;
    expect(await pending).toEqual({ done: true, value: undefined });
    await client.dispose();
  });

  it('ends with the server', async () => {
    const gate = createGate();
    const server = await serveSample({}, gate);
    const client = connect(server.url, identify(aCaller()));
    const pending = client.iterate({ query: 'subscription { silence }' }).next();
    const failed = pending.then(
      () => null,
      (err: unknown) => err,
    );
    await gate.entered.promise;
    await server[Symbol.asyncDispose]();
    await gate.released.promise;
    expect(await failed).toMatchObject({ code: 1001 });
  });
});
