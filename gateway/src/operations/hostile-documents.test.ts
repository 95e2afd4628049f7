import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { post, startToyGateway, type ToyGateway } from '../testing/gateway.ts';

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({ production: true });
});
afterAll(async () => gateway[Symbol.asyncDispose]());

const times = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at));
const circle = times(
  150,
  (at) => `fragment F${at} on User { id ...F${(at + 1) % 150} ...F${(at * 7) % 150} }`,
);
const brackets = (count: number) => `{ track(id: ${'['.repeat(count)}${']'.repeat(count)}) { title } }`;

/** Each of them once kept a process busy, or filled its stack. */
const DOCUMENTS: [name: string, code: string, query: string][] = [
  ['fragments that go round', 'GRAPHQL_VALIDATION_FAILED', `{ me { ...F0 } } ${circle.join(' ')}`],
  ['brackets without end', 'GRAPHQL_PARSE_FAILED', `{ track(id: ${'['.repeat(50_000)}`],
  ['brackets in brackets', 'GRAPHQL_', brackets(950)],
  ['one object over and over', 'OPERATION_TOO_COMPLEX', `{ me { id ${'roles name '.repeat(400)} } }`],
  [
    'one object over and over, each in a fragment',
    'OPERATION_TOO_COMPLEX',
    `{ ${times(60, () => '... on Query { ... { me { id } } }').join(' ')} }`,
  ],
  [
    'repetition beside the operation that is asked for',
    'OPERATION_TOO_COMPLEX',
    `query A { me { id } } query B { ${'me { name } '.repeat(300)} }`,
  ],
];

describe('a hostile document', () => {
  it.each(DOCUMENTS)('of %s is refused', async (_name, code, query) => {
    const body = { query, operationName: query.startsWith('query A') ? 'A' : undefined };
    const { status, errors, data } = await post(gateway, body);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions['code']).toMatch(new RegExp(`^${code}`));
    const search = new URLSearchParams({ query }).toString();
    if (search.length > 12_000) return;
    const got = await fetch(`${gateway.url}/graphql?${search}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(got.status).toBe(400);
  });

  it('is told of a few of its errors only', async () => {
    const query = `{ me { id ${times(30, (at) => `@unknown${at}`).join(' ')} } }`;
    const { errors } = await post(gateway, { query });
    expect(errors?.map(({ message }) => message).at(-1)).toMatch(/^Too many validation errors/);
    expect(errors).toHaveLength(6);
  });

  it('is not what repeats a few fields', async () => {
    const query = `{ me { ${'id name '.repeat(20)} } ... on Query { me { ... on User { id } } } }`;
    expect(await post(gateway, { query })).toMatchObject({ status: 200, data: { me: null } });
  });
});
