import { describe, expect, it } from '@jest/globals';
import { array, assert, asyncProperty, nat, pre } from 'fast-check';
import { getOperationAST, parse, validate } from 'graphql';

import { createExecutor } from '../executor/index.ts';
import { Refusal } from '../operations/refusal.ts';
import { composeToys, stranger } from '../testing/supergraph.ts';
import { createAuthorise } from './authorise.ts';
import { ENFORCED_FEATURES } from './security-directives.ts';

const SECRET = 'secret';
const thing = (__typename: string) => ({
  __typename,
  id: 'open',
  key: SECRET,
  balance: SECRET,
  name: SECRET,
  title: 'open',
});

/** Whatever is guarded is SECRET, and nothing else is. */
const { supergraphSdl, subgraphs } = composeToys({
  a: {
    sdl: `
      type Query { thing: Thing things: [Thing!]! track: Track tracks: [Track!]! owner: Owner any: [Any] hidden: Draft }
      interface Thing { id: ID! title: String name: String thing: Thing }
      union Any = Track | Draft | Owner
      type Track implements Thing { id: ID! title: String name: String thing: Thing owner: Owner any: Any price: String! @authenticated }
      type Draft implements Thing { id: ID! title: String name: String! @requiresScopes(scopes: [["x"]]) thing: Thing @authenticated }
      type Owner @key(fields: "key") { key: ID! @authenticated balance: String @authenticated title: String track: Track }
    `,
    resolvers: {
      Query: {
        thing: () => thing('Draft'),
        things: () => [thing('Draft'), thing('Track')],
        track: () => thing('Track'),
        tracks: () => [thing('Track')],
        owner: () => thing('Owner'),
        any: () => [thing('Draft'), thing('Owner'), thing('Track')],
        hidden: () => thing('Draft'),
      },
      Track: {
        name: () => 'open',
        price: () => SECRET,
        thing: () => thing('Draft'),
        owner: () => thing('Owner'),
        any: () => thing('Draft'),
      },
      Draft: { thing: () => ({ ...thing('Track'), id: SECRET }) },
      Owner: { track: () => thing('Track') },
    },
  },
  b: {
    sdl: `type Owner @key(fields: "key") { key: ID! balance: String @external tax: String @requires(fields: "balance") @authenticated open: String }`,
    resolvers: {
      Owner: { __resolveReference: (owner: object) => owner, tax: () => SECRET, open: () => 'open' },
    },
  },
});
const executor = createExecutor({
  supergraphSdl,
  enforced: ENFORCED_FEATURES,
  send: async (service, body) =>
    (await subgraphs[service]?.execute(JSON.parse(body) as { query: string }, stranger)) as object,
});
const authorise = createAuthorise({ supergraphSdl });

const LEAVES: Record<string, readonly string[]> = {
  Thing: ['id', 'title', 'name', '__typename'],
  Track: ['id', 'title', 'price', 'name'],
  Draft: ['id', 'title', 'name'],
  Owner: ['key', 'balance', 'title', 'tax', 'open'],
  Any: ['__typename'],
};
const BRANCHES: Record<string, Readonly<Record<string, string>>> = {
  Query: {
    thing: 'Thing',
    things: 'Thing',
    track: 'Track',
    tracks: 'Track',
    owner: 'Owner',
    any: 'Any',
    hidden: 'Draft',
  },
  Thing: { thing: 'Thing' },
  Track: { thing: 'Thing', owner: 'Owner', any: 'Any' },
  Draft: { thing: 'Thing' },
  Owner: { track: 'Track' },
};
const INTO: Record<string, readonly string[]> = {
  Thing: ['Track', 'Draft', 'Thing'],
  Any: ['Track', 'Draft', 'Owner', 'Thing'],
  Track: ['Thing'],
  Draft: ['Thing'],
};

/** A document that the numbers choose. */
function writeDocument(choices: readonly number[]): string {
  let at = 0;
  let aliases = 0;
  const fragments: string[] = [];
  const choose = (below: number) => (choices[at++ % choices.length] ?? 0) % below;
  // without one, the answer has the key by which subgraphs and representations know the field
  const alias = () => (choose(2) ? `x${aliases++}: ` : '');
  const set = (type: string, depth: number): string => {
    const parts = Array.from({ length: 1 + choose(6) }, () => part(type, depth));
    return `{ ${parts.join(' ')} }`;
  };
  const part = (type: string, depth: number): string => {
    const [branches, leaves] = [Object.entries(BRANCHES[type] ?? {}), LEAVES[type] ?? ['__typename']];
    const into = INTO[type] ?? [];
    const kind = depth > 2 ? 0 : choose(4);
    const other = into[choose(into.length || 1)];
    if (kind === 1 && other) return `... on ${other} ${set(other, depth + 1)}`;
    if (kind === 2 && other) return spread(other, depth + 1);
    const branch = branches[choose(branches.length || 1)];
    if (kind && branch) return `${alias()}${branch[0]} ${set(branch[1], depth + 1)}`;
    return `${alias()}${leaves[choose(leaves.length)]}`;
  };
  const spread = (type: string, depth: number): string => {
    const name = `F${fragments.length}`;
    const place = fragments.push('') - 1;
    fragments[place] = `fragment ${name} on ${type} ${set(type, depth)}`;
    return `...${name}`;
  };
  return `${set('Query', 0)} ${fragments.join(' ')}`;
}

describe('threat: Access-control by schema directive', () => {
  it('gives a stranger nothing that is guarded, whatever they ask for (GHSA-mx7m-j9xf-62hw, GHSA-m8jr-fxqx-8xx6)', async () => {
    const seen = { answered: 0, lessened: 0, refused: 0 };
    await assert(
      asyncProperty(array(nat(1000), { minLength: 5, maxLength: 120 }), async (choices) => {
        const document = parse(writeDocument(choices));
        pre(validate(executor.schema, document).length === 0);
        const operation = getOperationAST(document);
        if (!operation) return;
        try {
          const withheld = authorise(document, operation, {}, null);
          const { data } = await executor.execute({ query: document, context: {}, withheld });
          expect(JSON.stringify(data)).not.toContain(SECRET);
          seen[withheld ? 'lessened' : 'answered']++;
        } catch (err) {
          if (!(err instanceof Refusal)) throw err;
          seen.refused++;
        }
      }),
      { seed: 20_261_121, numRuns: 150 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(5);
  });

  it('would give it without the rules', async () => {
    const { data } = await executor.execute({ query: '{ track { price } hidden { name } }', context: {} });
    expect(data).toEqual({ track: { price: SECRET }, hidden: { name: SECRET } });
  });
});
