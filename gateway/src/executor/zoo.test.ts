import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Comparison, startComparison } from '../testing/compare.ts';
import { composeZoo } from '../testing/zoo.ts';

const cases: [title: string, query: string, variables?: Record<string, unknown>][] = [
  [
    'an interface with fields of an interface object',
    '{ zoo { id name temperature } first { temperature(unit: "F") } }',
  ],
  ['an interface object at the root', '{ sick { id name temperature __typename ... on Cat { lives } } }'],
  [
    'type conditions on an interface',
    '{ zoo { __typename ... on Cat { lives chip { code } } ... on Dog { size legacy chip { code owner { fullName } } } } }',
  ],
  [
    'another interface of the same types',
    '{ named(names: ["d1", "c1"]) { name __typename ... on Animal { id temperature } } }',
  ],
  [
    'a union with nulls in it',
    '{ pets { __typename ... on Animal { name } ... on Dog { chip { scans { at by { fullName phone } animal { name size } } } } } }',
  ],
  ['lists of lists with a compound key', '{ cages { row column guest { name chip { code } } } }'],
  ['@requires of an object', '{ cages { space space3: space(scale: 3) } }'],
  ['@requires of an entity’s fields', '{ cages { feed } }'],
  [
    '@requires beside the same fields under other names',
    '{ cages { a: area { w: width } space feed guest { n: name } } }',
  ],
  ['a key in an object', '{ keepers { badge { number } fullName phone shift { from to } } }'],
  [
    'entities in values that are none',
    '{ zoo { ... on Dog { chip { scans { animal { chip { owner { fullName shift { to } } } } } } } } }',
  ],
  [
    'errors of entities that several places share',
    '{ zoo { ... on Cat { keeper { phone } } ... on Dog { chip { owner { phone } } } } }',
  ],
  [
    'an error that bubbles through a union',
    '{ checks { ... on Good { g: score } ... on Bad { b: score broken } } }',
  ],
  [
    'different types of one response key',
    '{ checks { ... on Good { good: score note } ... on Bad { bad: score text: note } } }',
  ],
  ['input objects with defaults and a JSON scalar', '{ config(input: { tags: ["a"] }) }'],
  [
    'input objects in variables',
    'query ($f: Filter) { config(input: $f) }',
    { f: { size: 'SMALL', tags: null } },
  ],
  [
    'fragments on interfaces in fragments on unions',
    '{ pets { ...P } zoo { ...A } } fragment P on Pet { ... on Cat { ...A } ... on Dog { ...A } } fragment A on Animal { id temperature ...N } fragment N on Named { name }',
  ],
  [
    'conditions on nested fragments',
    'query ($a: Boolean!, $b: Boolean = true) { zoo { ...F @include(if: $a) ... @skip(if: $b) { name } id } } fragment F on Animal { temperature ... on Cat @include(if: $b) { chip { code @skip(if: $a) } } }',
    { a: true },
  ],
  [
    'the same with other values',
    'query ($a: Boolean!, $b: Boolean = true) { zoo { ...F @include(if: $a) ... @skip(if: $b) { name } id } } fragment F on Animal { temperature ... on Cat @include(if: $b) { chip { code @skip(if: $a) } } }',
    { a: false, b: false },
  ],
];

describe('the executor, compared with @apollo/gateway on harder graphs', () => {
  let compared: Comparison;
  beforeAll(async () => {
    compared = await startComparison(composeZoo());
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
