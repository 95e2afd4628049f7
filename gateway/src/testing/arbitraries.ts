import * as fc from 'fast-check';

/** Names that the toy schema has, some that it has not, and some that JavaScript takes for special. */
const NAMES = [
  'me id name roles greeting track tracks edges node cursor title similar likedBy reaction boom leak secretCode add',
  'ticks seq big refused __typename __schema __type nope constructor __proto__ toString first after every _entities',
].flatMap((names) => names.split(' '));
const TYPES = ['Track', 'User', 'TrackConnection', 'Query', 'Node', 'Nope', 'Int', 'ID', 'String'];

const name = fc.constantFrom(...NAMES);
const value = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom(
    'null',
    'true',
    '"x"',
    '$v',
    '[]',
    '{}',
    '1e400',
    '-0',
    '"""block"""',
    'ENUM',
    '[$v, {a: $v}]',
  ),
  fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text)),
);
const args = fc
  .array(fc.tuple(name, value), { maxLength: 2 })
  .map((pairs) => (pairs.length ? `(${pairs.map(([key, text]) => `${key}: ${text}`).join(' ')})` : ''));
const directive = fc.constantFrom('', '', '', ' @include(if: $v)', ' @skip(if: true)', ' @nope', ' @defer');

const { selections } = fc.letrec<{ field: string; selections: string }>((tie) => ({
  field: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(fc.option(name), name, args, directive).map(join),
    fc.tuple(fc.option(name), name, args, directive, tie('selections')).map(join),
    fc
      .tuple(fc.constantFrom(...TYPES), directive, tie('selections'))
      .map(([on, how, of]) => `... on ${on}${how} ${of}`),
    fc.constantFrom('...F', '...G', '...Nope'),
  ),
  selections: fc
    .array(tie('field'), { minLength: 1, maxLength: 4 })
    .map((fields) => `{ ${fields.join(' ')} }`),
}));

function join([alias, field, with_, how, of = '']: [string | null, string, string, string, string?]): string {
  return `${alias === null ? '' : `${alias}: `}${field}${with_}${how} ${of}`;
}

const operation = fc
  .tuple(
    fc.constantFrom(
      '',
      'query',
      'query A($v: Boolean = true)',
      'query B($v: [ID!]!)',
      'mutation',
      'subscription S',
    ),
    selections,
    fc.constantFrom(
      '',
      ' fragment F on Track { id ...G }',
      ' fragment F on Track { ...G } fragment G on Track { ...F }',
    ),
  )
  .map((parts) => parts.join(' '));

/** Texts that are GraphQL, nearly GraphQL, and nothing of the kind. */
export const text = fc.oneof(
  { weight: 5, arbitrary: operation },
  { weight: 2, arbitrary: fc.tuple(operation, fc.nat(), fc.string({ maxLength: 3 })).map(mutate) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

function mutate([whole, at, what]: [string, number, string]): string {
  const where = at % (whole.length + 1);
  return whole.slice(0, where) + what + whole.slice(where + 1);
}

const junk = fc.jsonValue({ maxDepth: 3 });

/** What a client may state: an operation, with parts that are wrong or missing. */
export const stated = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      query: text,
      variables: fc.option(fc.dictionary(name, junk), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        query: fc.oneof(text, junk),
        operationName: fc.oneof(name, junk),
        variables: junk,
        extensions: fc.oneof(
          junk,
          fc.record({ persistedQuery: fc.oneof(junk, fc.record({ version: junk, sha256Hash: junk })) }),
        ),
        documentId: fc.oneof(name, junk),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: junk },
);

const JSON_TYPE = 'application/json';
export const request = fc.record({
  method: fc.constantFrom(
    'POST',
    'POST',
    'POST',
    'POST',
    'GET',
    'GET',
    'PUT',
    'DELETE',
    'OPTIONS',
    'HEAD',
    'PATCH',
  ),
  type: fc.constantFrom(
    JSON_TYPE,
    JSON_TYPE,
    JSON_TYPE,
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/graphql',
    '',
  ),
  accept: fc.constantFrom(
    '*/*',
    JSON_TYPE,
    'application/graphql-response+json',
    'text/html',
    'text/event-stream',
    'nonsense',
    'multipart/mixed;subscriptionSpec="1.0"',
  ),
  headers: fc.dictionary(
    fc.constantFrom(
      'authorization',
      'x-request-id',
      'x-forwarded-for',
      'apollographql-client-name',
      'origin',
      'apollo-require-preflight',
      'cookie',
      'content-encoding',
    ),
    fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('Bearer a.b.c', 'Bearer', 'null', 'https://evil.example', '1', 'gzip'),
    ),
    { maxKeys: 3 },
  ),
  body: fc.oneof(
    { weight: 5, arbitrary: stated.map((what) => JSON.stringify(what) ?? '') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
  ),
  path: fc.oneof({ weight: 6, arbitrary: fc.constant('/graphql') }, { weight: 1, arbitrary: fc.webPath() }),
});

const id = fc.constantFrom('1', '2', '', 'x'.repeat(200));

/** What a client may say over a socket: mostly of the protocol, in any order. */
export const message = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: 'connection_init' }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('connection_init'), payload: junk }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('subscribe'), id, payload: stated }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('complete', 'ping', 'pong', 'next', 'error', 'connection_ack'),
      id,
      payload: junk,
    }),
  },
  { weight: 1, arbitrary: junk },
);
