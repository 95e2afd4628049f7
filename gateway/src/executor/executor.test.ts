import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Comparison, startComparison } from '../testing/compare.ts';
import { composeLibrary } from '../testing/library.ts';
import { stranger } from '../testing/supergraph.ts';
import { createExecutor } from './index.ts';

const library = composeLibrary();
const sent: { service: string; body: string }[] = [];
const executor = createExecutor({
  supergraphSdl: library.supergraphSdl,
  async send(service, body) {
    sent.push({ service, body });
    return (await library.subgraphs[service]?.execute(JSON.parse(body), stranger)) as object;
  },
});

async function execute(query: string, variables?: Record<string, unknown>) {
  sent.length = 0;
  const result = await executor.execute({ query, variables, context: undefined });
  return JSON.parse(JSON.stringify(result));
}

const cases: [title: string, query: string, variables?: Record<string, unknown>][] = [
  ['root fields of two subgraphs', '{ tracks { id title } me { id } user(id: "u4") { name } }'],
  [
    'entities over three subgraphs',
    '{ tracks(first: 5) { title album { title owner { name friends { name } } } } }',
  ],
  [
    'a field that @requires another subgraph’s',
    '{ tracks { royalty(rate: 3) plays } nowPlaying { royalty title } }',
  ],
  ['a field that @provides another’s', '{ tracks { artist { id name } } }'],
  [
    'aliases that differ by place',
    '{ a: track(id: "t1") { n: title al: album { n: title } } b: track(id: "t1") { n: id al: album { n: id } } }',
  ],
  [
    'aliases of one entity in two places',
    '{ a: track(id: "t1") { album { owner { n: name } } } b: track(id: "t1") { album { owner { n: country } } } }',
  ],
  [
    'an argument of an entity field',
    'query ($s: Boolean!) { tracks { artist { country(short: $s) } } }',
    { s: false },
  ],
  ['a default of a variable', 'query ($n: Int = 1) { tracks(first: $n) { id plays } }'],
  ['null variables', 'query ($n: Int) { tracks(first: $n) { id } }', {}],
  [
    'unions with entities',
    '{ shelf { __typename ... on Track { title plays } ... on Podcast { t: title plays host { name } } } hit { ... on Podcast { id plays } } }',
  ],
  [
    'interfaces',
    '{ media { __typename id title ... on Track { plays album { title } } ... on Podcast { plays } } }',
  ],
  [
    'fragments in fragments',
    'query { tracks { ...A } shelf { ... on Track { ...A } } } fragment A on Track { title album { ...B } } fragment B on Album { title owner { name } }',
  ],
  [
    'a repeated field whose selections merge',
    '{ tracks { album { title } album { owner { id } } artist { id } artist { name } } }',
  ],
  [
    '@include true and @skip true',
    'query ($y: Boolean!, $n: Boolean!) { tracks { title @include(if: $n) plays @skip(if: $y) id ... @include(if: $y) { album { title } } } }',
    { y: true, n: false },
  ],
  [
    '@include false and @skip false',
    'query ($y: Boolean!, $n: Boolean!) { tracks { title @include(if: $n) plays @skip(if: $y) id ... @include(if: $y) { album { title } } } }',
    { y: false, n: true },
  ],
  [
    'a whole subgraph that is skipped',
    'query ($x: Boolean!) { tracks { id album @include(if: $x) { title } ...P @skip(if: $x) } } fragment P on Track { plays }',
    { x: false },
  ],
  [
    '__typename at the root, below an alias and beside entities',
    '{ __typename t: __typename tracks { k: __typename album { __typename k: __typename title } } }',
  ],
  ['an error of an entity field', '{ tracks { title boom } }'],
  ['errors at nested entities', '{ newest { id owner { email } tracks { title boom } } }'],
  ['an error that nulls its entity', '{ tracks { title strictBoom } }'],
  ['an error that nulls all data', '{ strict { id } }'],
  ['an error beside data', '{ track(id: "t1") { artist { email name } } me { id } }'],
  ['an entity that its owner does not know', '{ tracks(first: 5) { title album { title } } }'],
  ['a missing thing', '{ track(id: "nope") { title album { title } plays } }'],
  ['an enum value that is inaccessible', '{ tracks { mood } }'],
  [
    'a mutation and its entities',
    'mutation { rename(id: "t2", title: "New") { title plays album { title } } play(id: "t7") }',
  ],
  [
    'introspection',
    '{ __schema { queryType { name } types { name } } __type(name: "Track") { fields { name type { name } } } }',
  ],
];

describe('the executor, compared with @apollo/gateway', () => {
  let compared: Comparison;

  beforeAll(async () => {
    compared = await startComparison(library);
  });
  afterAll(async () => compared[Symbol.asyncDispose]());

  it.each(cases.map(([title, query, variables]) => ({ title, query, variables })))(
    'answers the same to $title',
    async ({ query, variables }) => {
      const [ours, theirs] = [await compared.ours(query, variables), await compared.theirs(query, variables)];
      expect(theirs.data).toBeDefined();
      expect(ours).toEqual(theirs);
      expect(JSON.stringify(ours.data)).toBe(JSON.stringify(theirs.data));
    },
  );
});

describe('the executor', () => {
  it('asks for each entity once', async () => {
    await execute('{ tracks(first: 5) { album { title } } }');
    const asked = sent.filter(({ service }) => service === 'shelves').map(({ body }) => JSON.parse(body));
    expect(asked).toHaveLength(1);
    expect(asked[0].variables.r0).toHaveLength(3);
  });

  it('asks one subgraph once for all it wants of it in one tick', async () => {
    const { data } = await execute(
      '{ tracks { plays } nowPlaying { title } shelf { ... on Podcast { host { country } } ... on Track { artist { country friends { name } } } } }',
    );
    expect(data.nowPlaying.title).toBe('Track 3');
    expect(sent.filter(({ service }) => service === 'people')).toHaveLength(1);
  });

  it('tells of a subgraph that cannot be asked where its part is missing', async () => {
    const failing = createExecutor({
      supergraphSdl: library.supergraphSdl,
      async send(service, body) {
        if (service === 'plays' || service === 'shelves') throw new Error(`${service} is away`);
        return (await library.subgraphs[service]?.execute(JSON.parse(body), stranger)) as object;
      },
    });
    const query = '{ track(id: "t1") { title plays } tracks { album { title } } now: nowPlaying { id } }';
    const { data, errors } = await failing.execute({ query, context: undefined });
    expect(data).toMatchObject({ now: null, track: { title: 'Track 1', plays: null } });
    expect(errors?.map(({ path, message }) => [path?.join('.'), message])).toEqual(
      expect.arrayContaining([
        ['now', 'plays is away'],
        ['track', 'plays is away'],
        ['tracks', 'shelves is away'],
      ]),
    );
  });

  it('refuses what is not valid and variables that do not fit', async () => {
    expect((await execute('{ nope }')).errors[0].message).toMatch('Cannot query field "nope"');
    expect((await execute('{ syntax')).errors[0].message).toMatch('Syntax Error');
    const { errors } = await execute('query ($n: Int!) { tracks(first: $n) { id } }', { n: 'many' });
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('answers introspection beside data, which @apollo/gateway cannot plan', async () => {
    const query =
      'query ($x: Boolean!) { nowPlaying { id } ...S @include(if: $x) } fragment S on Query { __type(name: "Album") { name } }';
    const nowPlaying = { id: 't3' };
    expect((await execute(query, { x: true })).data).toEqual({ nowPlaying, __type: { name: 'Album' } });
    expect((await execute(query, { x: false })).data).toEqual({ nowPlaying });
  });

  it('runs the named operation of several', async () => {
    const query = 'query A { tracks(first: 1) { id } } query B { track(id: "t2") { id } }';
    const run = (operationName?: string) => executor.execute({ query, operationName, context: undefined });
    expect((await run('B')).data).toEqual({ track: { id: 't2' } });
    expect((await run('A')).data).toEqual({ tracks: [{ id: 't1' }] });
    expect((await run()).errors?.[0]?.message).toBe(
      'Must provide operation name if query contains multiple operations.',
    );
    expect((await run('C')).errors?.[0]?.message).toBe('Unknown operation named "C".');
  });
});
