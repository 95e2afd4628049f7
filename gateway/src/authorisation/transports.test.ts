import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStream, type StreamSink } from '@volna/platform/stream';

import type { Gateway } from '../service.ts';
import type { Answer } from '../testing/answer.ts';
import { post, signToken, startToyGateway } from '../testing/gateway.ts';
import { connect } from '../testing/sockets.ts';
import { openStream } from '../testing/streams.ts';
import { composeToys } from '../testing/supergraph.ts';

/** How often the subgraph was told to do what is guarded. */
let done = 0;
const act = () => ++done;

const { supergraphSdl, subgraphs } = composeToys({
  media: {
    sdl: `
      type Query { open: Int secret: Int @authenticated strict: Int! @requiresScopes(scopes: [["admin"]]) }
      type Mutation { act: Int @requiresScopes(scopes: [["upload"]]) }
      type Subscription { beats: Int @requiresScopes(scopes: [["library"]]) }
    `,
    resolvers: {
      Query: { open: () => 1, secret: act, strict: act },
      Mutation: { act },
      Subscription: {
        beats: {
          subscribe: () =>
            createStream<{ beats: number }>(async (sink: StreamSink<{ beats: number }>) => {
              sink.push({ beats: act() });
              sink.end();
              return { async [Symbol.asyncDispose]() {} };
            }),
        },
      },
    },
  },
});

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startToyGateway({ supergraphSdl, subgraphs: Object.values(subgraphs) });
});
afterAll(async () => gateway[Symbol.asyncDispose]());

type Transport = (query: string, headers: Record<string, string>) => Promise<Answer>;

const get: Transport = async (query, headers) => {
  const response = await fetch(`${gateway.url}/graphql?${new URLSearchParams({ query }).toString()}`, {
    headers: { 'apollo-require-preflight': 'true', ...headers },
  });
  return { status: response.status, ...((await response.json()) as object) };
};

const persisted: Transport = async (query, headers) => {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  return post(gateway, { query, extensions: { persistedQuery: { version: 1, sha256Hash } } }, headers);
};

const stream =
  (accept: string): Transport =>
  async (query, headers) => {
    await using opened = await openStream(gateway, accept, { query }, headers);
    const text = await opened.rest();
    const { status } = opened.response;
    const json = /^(?:data: )?(\{.*\})/m.exec(text)?.[1] ?? '{}';
    const { payload, ...result } = JSON.parse(json);
    return { status, ...(payload ?? result) };
  };

const socket: Transport = async (query, connectionParams) => {
  const client = connect(gateway, { connectionParams });
  try {
    for await (const result of client.iterate({ query })) return result;
    return {};
  } catch (err) {
    return { errors: err };
  } finally {
    await client.dispose();
  }
};

const SSE = 'text/event-stream';
const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json';
const once: [string, Transport][] = [
  ['a POST', async (query, headers) => post(gateway, { query }, headers)],
  ['a persisted query', persisted],
  ['server-sent events', stream(SSE)],
  ['graphql-ws', socket],
];
const streams: [string, Transport][] = [
  ['server-sent events', stream(SSE)],
  ['multipart', stream(MULTIPART)],
  ['graphql-ws', socket],
];

const as = async (...scopes: string[]) => ({
  authorization: `Bearer ${await signToken({ claims: { scopes } })}`,
});
const codes = ({ errors }: Answer) => errors?.map(({ extensions }: Answer) => extensions.code);

describe.each([...once, ['a GET', get] as [string, Transport]])('a query over %s', (_name, ask) => {
  it('is answered without the fields that its caller may not use', async () => {
    const before = done;
    const partial = await ask('{ open secret }', {});
    expect(partial).toMatchObject({ data: { open: 1, secret: null } });
    expect(partial.errors).toMatchObject([{ path: ['secret'], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect([200, undefined]).toContain(partial.status);
    expect(done).toBe(before);
    expect(await ask('{ open secret }', await as())).toMatchObject({ data: { secret: done } });
    expect(done).toBe(before + 1);
  });

  it('is refused when nothing is left', async () => {
    const before = done;
    const stranger = await ask('{ open strict }', {});
    expect(stranger.data).toBeUndefined();
    expect(codes(stranger)).toEqual(['UNAUTHENTICATED']);
    const user = await ask('{ open strict }', await as('upload'));
    expect(codes(user)).toEqual(['FORBIDDEN']);
    expect(user.errors[0]).toMatchObject({ path: ['strict'], message: 'this needs the scope admin' });
    expect(done).toBe(before);
  });
});

describe.each(once)('a mutation over %s', (_name, ask) => {
  it('does nothing unless its caller may do all of it', async () => {
    const before = done;
    expect(codes(await ask('mutation { act }', {}))).toEqual(['UNAUTHENTICATED']);
    expect(codes(await ask('mutation { act }', await as('library', 'admin')))).toEqual(['FORBIDDEN']);
    expect(done).toBe(before);
    expect(await ask('mutation { act }', await as('upload'))).toMatchObject({ data: { act: before + 1 } });
  });
});

describe.each(streams)('a subscription over %s', (_name, ask) => {
  it('does not begin for a caller without the right', async () => {
    const before = done;
    expect(codes(await ask('subscription { beats }', {}))).toEqual(['UNAUTHENTICATED']);
    expect(codes(await ask('subscription { beats }', await as('upload')))).toEqual(['FORBIDDEN']);
    expect(done).toBe(before);
    expect(await ask('subscription { beats }', await as('library'))).toMatchObject({
      data: { beats: before + 1 },
    });
  });
});

describe('the HTTP status of a refusal', () => {
  it('is 401 for strangers, with a challenge, and 403 for those who lack a right', async () => {
    const stranger = await post(gateway, { query: 'mutation { act }' });
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toBe('Bearer');
    expect(await post(gateway, { query: 'mutation { act }' }, await as())).toMatchObject({ status: 403 });
    expect(await get('{ strict }', {})).toMatchObject({ status: 401 });
    expect(await get('{ strict }', await as())).toMatchObject({ status: 403 });
    expect(await persisted('{ strict }', await as())).toMatchObject({ status: 403 });
    expect(await stream(SSE)('subscription { beats }', {})).toMatchObject({ status: 401 });
    expect(await stream(MULTIPART)('subscription { beats }', await as())).toMatchObject({ status: 403 });
  });
});

describe('a policy', () => {
  it('is held by whom the gateway is told, and by nobody otherwise', async () => {
    const toys = composeToys({
      a: {
        sdl: 'type Query { x: Int @policy(policies: [["staff"]]) }',
        resolvers: { Query: { x: () => 1 } },
      },
    });
    const options = { supergraphSdl: toys.supergraphSdl, subgraphs: Object.values(toys.subgraphs) };
    await using untold = await startToyGateway(options);
    expect(codes(await post(untold, { query: '{ x }' }, await as()))).toEqual(['FORBIDDEN']);
    await using told = await startToyGateway({ ...options, holdsPolicy: (policy) => policy === 'staff' });
    expect((await post(told, { query: '{ x }' }, await as())).data).toEqual({ x: 1 });
    expect(codes(await post(told, { query: '{ x }' }))).toEqual(['UNAUTHENTICATED']);
  });
});
