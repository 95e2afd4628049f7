import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logToFile } from '@volna/platform/log';
import { openScratch } from '@volna/platform/scratch';

import { post, startToyGateway, type ToyGateway } from './testing/gateway.ts';
import { connect } from './testing/sockets.ts';

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({ timeouts: { queryMs: 200 } });
});
afterAll(async () => gateway[Symbol.asyncDispose]());

const codeOf = async (query: string) => {
  const { status, errors } = await post(gateway, { query });
  return [status, errors?.[0]?.extensions['code']];
};

describe('what clients see of errors', () => {
  it('shows the stable codes of subgraphs, with path and service', async () => {
    const { data, errors } = await post(gateway, { query: '{ boom me { id } }' });
    expect(data).toEqual({ boom: null, me: null });
    expect(errors).toEqual([
      { message: 'not yours', path: ['boom'], extensions: { code: 'FORBIDDEN', serviceName: 'media' } },
    ]);
  });

  it.each(['leak', 'secretCode'])('masks anything else: %s', async (field) => {
    const { errors, extensions } = await post(gateway, { query: `{ ${field} }` });
    const reference = extensions.requestId;
    expect(errors).toEqual([
      {
        message: 'unexpected error',
        path: [field],
        extensions: { code: 'INTERNAL_SERVER_ERROR', reference },
      },
    ]);
  });

  it('keeps what it masks for the log, where the reference is found', async () => {
    await using scratch = await openScratch();
    const file = scratch.path('log');
    logToFile(file);
    for (const field of ['leak', 'secretCode']) {
      const answer = await post(gateway, { query: `{ ${field} }` });
      const { reference } = answer.errors?.[0]?.extensions ?? {};
      const told = JSON.stringify([answer.data, answer.errors, answer.extensions]);
      expect(told).not.toMatch(/hunter2|at .*\.ts/);
      expect(await findLine(file, String(reference))).toMatchObject({
        level: 50,
        reference,
        correlationId: reference,
        err: { message: expect.any(String), stack: expect.any(String) },
      });
    }
  });

  it('says what is wrong with a request', async () => {
    expect(await codeOf('{ syntax')).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
    expect(await codeOf('{ nope }')).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(await codeOf('query ($n: Int!) { tracks(first: $n) { edges { cursor } } }')).toEqual([
      400,
      'BAD_USER_INPUT',
    ]);
    expect(await codeOf('subscription { ticks { seq } }')).toEqual([400, 'BAD_REQUEST']);
    expect(await codeOf('{ me { id } } query B { me { id } }')).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });

  it('keeps the code of an operation that is too complex, and what it costs', async () => {
    const { status, errors } = await post(gateway, {
      query: '{ tracks(first: 100000) { edges { node { title } } } }',
    });
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions).toEqual({
      code: 'OPERATION_TOO_COMPLEX',
      cost: { requested: 200_001, limit: 10_000 },
    });
  });

  it('says what each operation costs', async () => {
    const { extensions } = await post(gateway, {
      query: '{ tracks(first: 2) { edges { node { title } } } }',
    });
    expect(extensions.cost).toEqual({ requested: 5, limit: 10_000 });
  });

  it('answers a bomb of nested fragments at once', async () => {
    const fragments = Array.from(
      { length: 30 },
      (_, i) => `fragment F${i} on Track { a: similar { ...F${i + 1} } b: similar { ...F${i + 1} } }`,
    );
    const query = `query Q { track(id: "x") { ...F0 } } ${fragments.join(' ')} fragment F30 on Track { id }`;
    expect(await codeOf(query)).toEqual([400, 'OPERATION_TOO_COMPLEX']);
  });

  it('gives what there is when a subgraph does not answer in time', async () => {
    const { status, data, errors } = await post(gateway, { query: '{ hang me { id } greeting }' });
    expect(status).toBe(200);
    expect(data).toMatchObject({ hang: null, me: null, greeting: expect.any(String) });
    expect(errors).toEqual([
      {
        message: 'media is not available',
        path: ['hang'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'media' },
      },
    ]);
  });
});

interface Line {
  readonly reference?: string;
}

/** The line of a log that has a reference, once it is written. */
async function findLine(file: string, reference: string): Promise<Line> {
  for (;;) {
    const text = existsSync(file) ? await readFile(file, 'utf8') : '';
    const lines = text.split('\n').slice(0, -1);
    const found = lines.map((line) => JSON.parse(line) as Line).find((line) => line.reference === reference);
    if (found) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the gateway in production', () => {
  it('tells nothing of its schema and has no IDE', async () => {
    await using closed = await startToyGateway({ production: true });
    const introspection = await post(closed, { query: '{ __schema { types { name } } }' });
    expect(introspection.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    const typo = '{ track(id: "1") { titel } }';
    const url = `${closed.url}/graphql?query=${encodeURIComponent(typo)}`;
    const byGet = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    const client = connect(closed);
    const [overSocket] = await Promise.allSettled([client.iterate({ query: typo }).next()]);
    await client.dispose();
    const told = [await post(closed, { query: typo }), await byGet.json(), overSocket];
    for (const errors of told) expect(JSON.stringify(errors)).toMatch(/titel(?!.*title)/);
    for (const path of ['/', '/graphiql', '/ide/graphiql.js']) {
      expect((await fetch(closed.url + path, { headers: { accept: 'text/html' } })).status).toBe(404);
    }
    expect((await post(closed, { query: '{ track(id: "t") { title } }' })).data).toEqual({ track: null });
  });
});
