import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';

import { post, signToken, startToyGateway, type ToyGateway } from './testing/gateway.ts';
import { known } from './testing/live.ts';

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway();
});
afterAll(async () => gateway[Symbol.asyncDispose]());

describe('the gateway over HTTP', () => {
  it('answers a query over several subgraphs', async () => {
    const { status, data } = await post(gateway, {
      query: 'query T($id: ID!) { track(id: $id) { title likedBy { name } reaction } me { id } }',
      variables: { id: known.track },
    });
    expect(status).toBe(200);
    expect(data).toEqual({ track: { title: 'One', likedBy: { name: 'Alice' }, reaction: null }, me: null });
  });

  it('answers a mutation, and not by GET', async () => {
    const query = 'mutation { add(title: "Two") { title reaction } }';
    expect((await post(gateway, { query })).data).toEqual({ add: { title: 'Two', reaction: null } });
    const response = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(response.status).toBe(405);
  });

  it('answers a query by GET only where a page of another site could not have sent it', async () => {
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('{ me { id } }')}`;
    expect((await fetch(url)).status).toBe(400);
    const response = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    expect(await response.json()).toMatchObject({ data: { me: null } });
  });

  it('tells the subgraphs who asks, from where and under which name', async () => {
    const headers = { authorization: `Bearer ${await signToken({ claims: { roles: ['USER', 'ARTIST'] } })}` };
    const { data } = await post(
      gateway,
      { query: '{ me { id roles } greeting }' },
      { ...headers, 'user-agent': 'tester', 'x-request-id': 'abc-1' },
    );
    expect(data.me).toEqual({ id: known.user, roles: ['USER', 'ARTIST'] });
    expect(data.greeting).toBe('127.0.0.1 tester abc-1');
  });

  it('gives each request an id, the client’s own where that is fit to be logged', async () => {
    const own = await post(gateway, { query: '{ me { id } }' }, { 'x-request-id': 'abc-2' });
    expect([own.headers.get('x-request-id'), own.extensions.requestId]).toEqual(['abc-2', 'abc-2']);
    const other = await post(gateway, { query: '{ me { id } }' }, { 'x-request-id': 'a b' });
    expect(other.extensions.requestId).toMatch(/^[\da-f-]{36}$/);
  });

  it('refuses batches, broken JSON, other media types and large bodies', async () => {
    expect((await post(gateway, [{ query: '{ me { id } }' }])).status).toBe(400);
    expect(await post(gateway, '{"query":')).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    expect((await post(gateway, { query: '{ me { id } }' }, { 'content-type': 'text/plain' })).status).toBe(
      400,
    );
    const large = await post(gateway, { query: '{ me { id } }', variables: { x: 'x'.repeat(256 * 1024) } });
    expect(large).toMatchObject({ status: 413, errors: [{ extensions: { code: 'TOO_LARGE' } }] });
  });

  it.each([
    ['*/*', 200, 'application/json; charset=utf-8'],
    [
      'application/graphql-response+json, application/json;q=0.9',
      200,
      'application/graphql-response+json; charset=utf-8',
    ],
    ['application/graphql-response+json;q=0.5, application/json', 200, 'application/json; charset=utf-8'],
    ['text/html', 406, 'application/json; charset=utf-8'],
  ])('answers Accept: %s with %i', async (accept, status, type) => {
    const answer = await post(gateway, { query: '{ me { id } }' }, { accept });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
  });

  it('keeps a persisted query', async () => {
    const query = '{ me { name } }';
    const extensions = {
      persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
    };
    expect((await post(gateway, { extensions })).errors?.[0]?.extensions['code']).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
    expect((await post(gateway, { query, extensions })).data).toEqual({ me: null });
    expect((await post(gateway, { extensions })).data).toEqual({ me: null });
  });

  it('says which of its paths it does not know, and its health', async () => {
    expect((await fetch(`${gateway.url}/nowhere`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  });

  it('lets pages of listed origins use it, and no others', async () => {
    await using open = await startToyGateway({ corsOrigins: ['https://player.example'] });
    const preflight = async (origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const response = await fetch(`${open.url}/graphql`, { method: 'OPTIONS', headers });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await preflight('https://player.example')).toBe('https://player.example');
    expect(await preflight('https://evil.example')).toBeNull();
    expect(await preflight(open.url)).toBe(open.url);
  });

  it('leaves other paths to the routes that it is given', async () => {
    await using routed = await startToyGateway({
      routes: [
        async ({ url }, response) => {
          if (url !== '/files/1') return false;
          response.end('bytes');
          return true;
        },
      ],
    });
    expect(await (await fetch(`${routed.url}/files/1`)).text()).toBe('bytes');
    expect((await fetch(`${routed.url}/files/2`)).status).toBe(404);
  });
});

describe('node', () => {
  const query =
    'query Node($id: ID!) { node(id: $id) { __typename id ... on Track { title likedBy { name } } ... on User { name } } }';
  const node = async (id: string) => post(gateway, { query, variables: { id } });

  it('finds what there is, with fields of its owner and of others', async () => {
    const track = { __typename: 'Track', id: known.track, title: 'One', likedBy: { name: 'Alice' } };
    expect((await node(known.track)).data).toEqual({ node: track });
    expect((await node(known.user)).data).toEqual({
      node: { __typename: 'User', id: known.user, name: 'Alice' },
    });
  });

  it('is null, without an error, for what is not there', async () => {
    for (const id of [newId('Track'), newId('User'), newId('Job'), 'nonsense']) {
      const { data, errors } = await node(id);
      expect({ data, errors }).toEqual({ data: { node: null } });
    }
  });
});
