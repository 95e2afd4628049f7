import { createHash } from 'node:crypto';

import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@volna/platform/cache-memory';

import type { Answer } from '../testing/answer.ts';
import { post, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { connect } from '../testing/sockets.ts';
import { openStream } from '../testing/streams.ts';
import { MAX_KEPT_TEXT } from './persisted-texts.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });
const PREFLIGHT = { 'apollo-require-preflight': '1' };

/** Sends what is stated over one transport; gives data, or the code that refuses it. */
type Send = (gateway: ToyGateway, stated: Record<string, unknown>) => Promise<unknown>;

const transports: Record<string, Send> = {
  POST: async (gateway, stated) => told(await post(gateway, stated)),
  GET: async ({ url }, stated) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(stated))
      search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    return told(await (await fetch(`${url}/graphql?${search.toString()}`, { headers: PREFLIGHT })).json());
  },
  SSE: async (gateway, stated) => {
    await using stream = await openStream(gateway, 'text/event-stream', stated as { query: string });
    const text = await stream.rest();
    return told(JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text));
  },
  'graphql-ws': async (gateway, stated) => {
    const client = connect(gateway);
    try {
      return told((await client.iterate({ query: '', ...stated }).next()).value);
    } catch (errors) {
      return told({ errors });
    } finally {
      await client.dispose();
    }
  },
};

function told(answer: Answer): unknown {
  return answer.errors?.[0]?.extensions.code ?? answer.data;
}

const searchOf = (texts: readonly string[]) =>
  texts.map((text) => `query=${encodeURIComponent(text)}`).join('&');

const both = Object.entries(transports);

describe('automatic persisted queries', () => {
  let gateway: ToyGateway;
  beforeAll(async () => {
    gateway = await startToyGateway();
  });
  afterAll(async () => gateway[Symbol.asyncDispose]());

  it.each(both)('are registered and asked for over %s', async (name, send) => {
    const query = `{ me { name } } # ${name}`;
    const extensions = persisted(query);
    expect(await send(gateway, { extensions })).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await send(gateway, { query, extensions })).toEqual({ me: null });
    expect(await send(gateway, { extensions })).toEqual({ me: null });
    expect(await send(gateway, { documentId: `sha256:${hashOf(query)}` })).toEqual({ me: null });
  });

  it('open subscriptions in multipart', async () => {
    const query = 'subscription { ticks { seq } } # multipart';
    const accept = 'multipart/mixed;subscriptionSpec="1.0"';
    const ask = async (stated: object) => openStream(gateway, accept, stated as { query: string });
    await using refused = await ask({ extensions: persisted(query) });
    expect(JSON.parse(await refused.rest())).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    for (const stated of [{ query, extensions: persisted(query) }, { extensions: persisted(query) }]) {
      await using stream = await ask(stated);
      expect(stream.response.headers.get('content-type')).toMatch(/^multipart\/mixed/);
    }
  });

  it('keep variables, names and other extensions', async () => {
    const query = 'query A($n: Int) { tracks(first: $n) { edges { cursor } } } query B { greeting }';
    const stated = { operationName: 'A', variables: { n: 0 }, extensions: { ...persisted(query), other: 1 } };
    expect(await transports['POST']?.(gateway, { ...stated, query })).toEqual({ tracks: { edges: [] } });
    for (const [, send] of both) expect(await send(gateway, stated)).toEqual({ tracks: { edges: [] } });
  });

  it('are refused where the hash is another text’s (cache poisoning)', async () => {
    const extensions = persisted('{ greeting }');
    for (const [, send] of both)
      expect(await send(gateway, { query: '{ me { id } }', extensions })).toBe('BAD_REQUEST');
    expect(await transports['POST']?.(gateway, { extensions })).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('are kept only when they are valid', async () => {
    for (const [query, code] of [
      ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ me {', 'GRAPHQL_PARSE_FAILED'],
    ] as const) {
      const extensions = persisted(query);
      expect(await transports['POST']?.(gateway, { query, extensions })).toBe(code);
      expect(await transports['POST']?.(gateway, { extensions })).toBe('PERSISTED_QUERY_NOT_FOUND');
    }
  });

  it('are run but not kept when they are very long', async () => {
    const query = `{ me { id } } # ${'x'.repeat(MAX_KEPT_TEXT)}`;
    expect((await post(gateway, { query, extensions: persisted(query) })).data).toEqual({ me: null });
    expect(told(await post(gateway, { extensions: persisted(query) }))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('of other versions, and what is no hash, are not supported', async () => {
    for (const persistedQuery of [{ version: 2, sha256Hash: 'a' }, { version: 1 }, 'a', 7, []]) {
      const answer = await post(gateway, { query: '{ me { id } }', extensions: { persistedQuery } });
      expect([told(answer), answer.status]).toEqual(['PERSISTED_QUERY_NOT_SUPPORTED', 200]);
    }
  });

  it('do not make mutations possible by GET, nor queries without a preflight (CSRF)', async () => {
    const mutation = 'mutation { add(title: "Two") { title } }';
    await post(gateway, { query: mutation, extensions: persisted(mutation) });
    const search = `extensions=${encodeURIComponent(JSON.stringify(persisted(mutation)))}`;
    expect((await fetch(`${gateway.url}/graphql?${search}`, { headers: PREFLIGHT })).status).toBe(405);
    const query = '{ greeting } # csrf';
    await post(gateway, { query, extensions: persisted(query) });
    const other = `extensions=${encodeURIComponent(JSON.stringify(persisted(query)))}`;
    expect((await fetch(`${gateway.url}/graphql?${other}`)).status).toBe(400);
  });

  it('are shared by gateways with one cache', async () => {
    const cache = new MemoryCache();
    await using one = await startToyGateway({ cache });
    await using other = await startToyGateway({ cache });
    const query = '{ me { id name } }';
    await post(one, { query, extensions: persisted(query) });
    expect((await post(other, { extensions: persisted(query) })).data).toEqual({ me: null });
    await cache.set(`document:${hashOf('{ greeting }')}`, '{ me { id } }', 60_000);
    expect(told(await post(other, { extensions: persisted('{ greeting }') }))).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });

  it.each([true, false])('serve Apollo Client, by GET: %s', async (useGETForHashedQueries) => {
    await using own = await startToyGateway();
    const sent: string[] = [];
    const http = new HttpLink({
      uri: `${own.url}/graphql`,
      headers: PREFLIGHT,
      fetch: async (url, init) => {
        const hasText = JSON.stringify(init?.body ?? '').includes(String.raw`\"query\":`);
        sent.push(`${init?.method} ${hasText ? 'text' : 'hash'}`);
        return fetch(url, init);
      },
    });
    const link = new PersistedQueryLink({ sha256: async (text) => hashOf(text), useGETForHashedQueries });
    const client = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from([link, http]) });
    const query = gql`
      query Tracks($n: Int) {
        tracks(first: $n) {
          edges {
            cursor
          }
        }
      }
    `;
    const hashed = `${useGETForHashedQueries ? 'GET' : 'POST'} hash`;
    for (const n of [1, 2]) {
      const { data } = await client.query<Answer>({ query, variables: { n } });
      expect(data).toMatchObject({ tracks: { edges: expect.any(Array) } });
    }
    expect(sent).toEqual([hashed, 'POST text', hashed]);
  });
});

describe('trusted documents', () => {
  const me = '{ me { name } }';
  const ticks = 'subscription { ticks { seq } }';
  let gateway: ToyGateway;
  beforeAll(async () => {
    const trustedDocuments = readTrustedDocuments(
      JSON.stringify({ [`sha256:${hashOf(me)}`]: me, 'ticks-1': ticks }),
    );
    gateway = await startToyGateway({ trustedDocuments });
  });
  afterAll(async () => gateway[Symbol.asyncDispose]());

  it.each(both)('are run by id, by hash and by text over %s', async (_name, send) => {
    const data = { me: null };
    expect(await send(gateway, { documentId: `sha256:${hashOf(me)}` })).toEqual(data);
    expect(await send(gateway, { documentId: hashOf(me) })).toEqual(data);
    expect(await send(gateway, { extensions: persisted(me) })).toEqual(data);
    expect(await send(gateway, { query: me })).toEqual(data);
  });

  it.each(both)('are all that is run over %s (safelist in production)', async (_name, send) => {
    const other = '{ greeting }';
    for (const stated of [
      { query: other },
      { query: `${me} ` },
      { query: other, extensions: persisted(other) },
      { extensions: persisted(other) },
      { documentId: 'none' },
      { documentId: '__proto__' },
    ])
      expect(await send(gateway, stated)).toBe('DOCUMENT_NOT_TRUSTED');
  });

  it('cannot be got around by a parameter that is stated twice', async () => {
    for (const texts of [
      [me, '{ greeting }'],
      ['{ greeting }', me],
    ]) {
      const response = await fetch(`${gateway.url}/graphql?${searchOf(texts)}`, { headers: PREFLIGHT });
      expect(response.status).toBe(400);
    }
    const junk = await fetch(`${gateway.url}/graphql?a=1&a=2&${searchOf(['{ greeting }'])}`, {
      headers: PREFLIGHT,
    });
    expect(told(await junk.json())).toBe('DOCUMENT_NOT_TRUSTED');
  });

  it('open subscriptions', async () => {
    const client = connect(gateway);
    const results = client.iterate({ query: '', documentId: 'ticks-1' } as { query: string });
    const first = results.next();
    while (gateway.ticker.listeners === 0) await new Promise((resolve) => setImmediate(resolve));
    gateway.ticker.tick(3);
    expect((await first).value).toMatchObject({ data: { ticks: { seq: 3 } } });
    await client.dispose();
  });

  it('are read as Apollo’s tools write them, and as nothing else', () => {
    const manifest = {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'a', body: me }],
    };
    const trusted = readTrustedDocuments(JSON.stringify(manifest));
    expect([trusted.size, trusted.find('a'), trusted.find(hashOf(me)), trusted.has(me)]).toEqual([
      1,
      me,
      me,
      true,
    ]);
    for (const wrong of ['', '[]', '{"a": 1}', '"x"'])
      expect(() => readTrustedDocuments(wrong)).toThrow(/JSON|expected|input/i);
  });
});
