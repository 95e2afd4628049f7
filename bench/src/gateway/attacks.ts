/** A document that has to be refused. */
export interface Attack {
  readonly name: string;
  /** A request body; each seed gives another document. */
  readonly write: (seed: number) => string;
}

const repeat = (times: number, part: (at: number) => string, separator = ' ') =>
  Array.from({ length: times }, (_, at) => part(at)).join(separator);

/** Fragments that each spread the next one; the last has a leaf. */
const chain = (length: number, type: string, body: (next: string) => string, leaf: string) =>
  repeat(length, (at) => `fragment F${at} on ${type} { ${body(`...F${at + 1}`)} }`) +
  ` fragment F${length} on ${type} { ${leaf} }`;

const PAGE = 'edges { node { artist';

const DOCUMENTS: readonly (readonly [name: string, write: (seed: number) => string])[] = [
  [
    'fragment bomb over lists',
    (seed) =>
      `{ s${seed}: artists(first: 5) { edges { node { ...F0 } } } }` +
      chain(26, 'Artist', (next) => `tracks(first: 5) { ${PAGE} { ${next} } } } }`, 'id'),
  ],
  [
    'aliased fragment bomb',
    (seed) =>
      `{ s${seed}: tracks(first: 1) { edges { node { artist { ...F0 } } } } }` +
      chain(
        20,
        'Artist',
        (next) => repeat(2, (at) => `a${at}: tracks(first: 1) { ${PAGE} { ${next} } } } }`),
        'id',
      ),
  ],
  [
    'doubling fragments',
    (seed) =>
      `{ s${seed}: artists { edges { node { ...F0 } } } }` +
      chain(60, 'Artist', (next) => `${next} ${next}`, 'id'),
  ],
  ['alias flood', (seed) => `{ ${repeat(300, (at) => `a${seed}_${at}: me { id }`)} }`],
  ['alias flood of one field', (seed) => `{ me { ${repeat(600, (at) => `a${seed}_${at}: username`)} } }`],
  [
    'nested lists',
    (seed) =>
      `{ s${seed}: artists(first: 1000) { edges { node { tracks(first: 1000) { edges { node { similar(first: 1000) { edges { node { id } } } } } } } } } }`,
  ],
  ['a page beyond any number', (seed) => `{ s${seed}: tracks(first: 2147483647) { edges { node { id } } } }`],
  [
    'depth',
    (seed) => {
      const open = repeat(60, () => `artist { tracks { edges { node {`);
      return `{ s${seed}: track(id: "x") { ${open} id ${'} '.repeat(240)} } }`;
    },
  ],
  ['repeated fields', (seed) => `{ s${seed}: me { ${'id '.repeat(1_900)} } }`],
  ['repeated objects', (seed) => `{ s${seed}: __typename ${'me { id username } '.repeat(300)} }`],
  [
    'inline fragments',
    (seed) =>
      `{ s${seed}: me { ${'... on User { id } '.repeat(270)} ${'id '.repeat(300)} ${'... @skip(if: false) { id } '.repeat(60)} } }`,
  ],
  ['directive flood', (seed) => `{ s${seed}: me { id ${'@include(if: true) '.repeat(250)} } }`],
  ['token flood', (seed) => `{ s${seed}: me { ${'id '.repeat(60_000)} } }`],
  ['token flood in a value', (seed) => `{ s${seed}: track(id: ${'['.repeat(100_000)}`],
  ['deep value', (seed) => `{ s${seed}: track(id: ${'['.repeat(900)}${']'.repeat(900)}) { id } }`],
  ['unknown fields', (seed) => `{ ${repeat(1_900, (at) => `trac${seed}_${at}`)} }`],
  ['clashing fields', (seed) => `{ ${repeat(150, (at) => `a: track(id: "${seed}_${at}") { id title }`)} }`],
  [
    'fragments that go round',
    (seed) =>
      `{ s${seed}: me { ...F0 } } ${repeat(150, (at) => `fragment F${at} on User { id ...F${(at + 1) % 150} ...F${(at * 7) % 150} }`)}`,
  ],
  ['operations', (seed) => repeat(280, (at) => `query O${seed}_${at} { me { id } }`)],
  ['variables', (seed) => `query (${repeat(450, (at) => `$v${seed}_${at}: Int`)}) { me { id } }`],
];

const LARGE_BODY = 300_000;

/** Shapes of graphql-cop, of DVGA and of our own that an unprotected gateway hangs or dies of. */
export const ATTACKS: readonly Attack[] = [
  ...DOCUMENTS.map(([name, write]): Attack => ({
    name,
    write: (seed) => JSON.stringify({ query: write(seed) }),
  })),
  {
    name: 'batch',
    write: (seed) => `[${repeat(500, (at) => `{"query":"{ s${seed}_${at}: __typename }"}`, ',')}]`,
  },
  {
    name: 'large body',
    write: (seed) => JSON.stringify({ query: `{ s${seed}: __typename }`, pad: 'x'.repeat(LARGE_BODY) }),
  },
];
