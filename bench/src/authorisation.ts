import { newId } from '@volna/events';
import { type Authorise, createAuthorise } from '@volna/gateway/authorise';
import { buildSchema, getOperationAST, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

import { type Benchmark, median, type Row } from './figure.ts';

/** Checks of one timed batch. */
const BATCH = 20_000;
const OTHER_BATCH = 500;
const WARM_UP = 3;

const SCHEMA = `
  scalar requiresScopes__Scope
  directive @link(url: String!, for: String) repeatable on SCHEMA
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT
  schema
    @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: "SECURITY")
    @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: "SECURITY")
  { query: Query }
  type Query { me: User @authenticated track: Track }
  type User {
    id: ID! name: String email: String @requiresScopes(scopes: [["account"]])
    sessions: [Session!] @requiresScopes(scopes: [["account"]]) history: [Track!] @requiresScopes(scopes: [["library"]])
  }
  type Session @authenticated { id: ID! agent: String at: String }
  type Track {
    id: ID! title: String plays: Int reaction: String @authenticated artist: User
    secret: Int @requiresScopes(scopes: [["library", "read"], ["admin"]]) jobs: Int @requiresScopes(scopes: [["admin"]])
  }
`;

/** Twenty fields, of which eleven are guarded, by five rules. */
const OPERATION = `
  query ($full: Boolean = true) {
    me { id name email sessions { id agent at } history { ...Card } }
    track { ...Card artist { id name } jobs @include(if: $full) }
  }
  fragment Card on Track { id title plays reaction secret }
`;

const viewerOf = (...scopes: string[]) => ({
  userId: newId('User'),
  sessionId: newId('Session'),
  roles: ['USER' as const],
  scopes,
});

/** What the check costs that each operation goes through, and what it would cost to walk through it each time. */
export const measureAuthorisation: Benchmark = async ({ rounds }) => {
  const authorise = createAuthorise({ supergraphSdl: SCHEMA });
  const document = parse(OPERATION);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const check = (viewer: Parameters<Authorise>[3]) => authorise(document, operation, {}, viewer);
  const all = viewerOf('read', 'library', 'account', 'admin');
  const some = viewerOf('read', 'library', 'account');
  if (check(all) !== null || check(some)?.errors.length !== 1 || check(null)?.errors.length !== 4)
    throw new Error('the check does not find what is guarded');

  const schema = buildSchema(SCHEMA, { assumeValidSDL: true });
  const walk = () => {
    const types = new TypeInfo(schema);
    visit(document, visitWithTypeInfo(types, { Field: () => void types.getParentType() }));
  };
  const allowed: number[] = [];
  const withheld: number[] = [];
  const walked: number[] = [];
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const times = [
      time(BATCH, () => check(all)),
      time(BATCH, () => check(some)),
      time(OTHER_BATCH, walk),
    ] as const;
    if (round < WARM_UP) continue;
    for (const [at, list] of [allowed, withheld, walked].entries()) list.push(times[at] ?? NaN);
  }
  return [
    row('20 fields', median(allowed), null, 0.05),
    row('one withheld', median(withheld), null, 0.05),
    row('beside a walk', median(allowed), median(walked), 0.1),
  ];
};

/** Milliseconds a run. */
function time(runs: number, run: () => unknown): number {
  const began = performance.now();
  for (let at = 0; at < runs; at++) run();
  return (performance.now() - began) / runs;
}

function row(name: string, ours: number, peer: number | null, limit: number): Row {
  return { name: `authorisation: ${name}`, unit: 'ms/operation', ours, peer, limit };
}
