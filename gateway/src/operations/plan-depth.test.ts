import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  operationFromDocument,
  Supergraph,
} from '@apollo/federation-internals';
import { type PlanNode, QueryPlanner, type SubscriptionNode } from '@apollo/query-planner';
import { describe, expect, it } from '@jest/globals';
import { type DocumentNode, Kind, parse } from 'graphql';

import { ENFORCED_FEATURES } from '../authorisation/security-directives.ts';
import { composeSupergraph } from '../compose.ts';

/** Fetches that wait for one another: a list, what its items point to in another service, and what those point to. */
const MAX_DEPTH = 3;
/** Fetches of one operation in all. */
const MAX_FETCHES = 6;

const FOLDER = new URL('../../operations/', import.meta.url);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const supergraph = Supergraph.build(composeSupergraph(`${ROOT}supergraph.yaml`), {
  supportedFeatures: new Set([...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, ...ENFORCED_FEATURES]),
});
const planner = new QueryPlanner(supergraph);

interface Size {
  /** Fetches on the longest way through the plan. */
  readonly depth: number;
  readonly fetches: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

function sizeOf(node: PlanNode | SubscriptionNode | undefined): Size {
  const parts = (nodes: readonly (PlanNode | undefined)[]) => nodes.map(sizeOf);
  switch (node?.kind) {
    case undefined:
      return { depth: 0, fetches: 0 };
    case 'Fetch':
      return { depth: 1, fetches: 1 };
    case 'Flatten':
      return sizeOf(node.node);
    case 'Sequence':
      return inSequence(parts(node.nodes));
    case 'Subscription':
      return inSequence(parts([node.primary, node.rest]));
    case 'Parallel':
      return inParallel(parts(node.nodes));
    case 'Condition':
      return inParallel(parts([node.ifClause, node.elseClause]));
    case 'Defer':
    default:
      throw new Error(`${node?.kind} is not planned here`);
  }
  function inSequence(sizes: readonly Size[]): Size {
    return { depth: sum(sizes.map(({ depth }) => depth)), fetches: sum(sizes.map(({ fetches }) => fetches)) };
  }
  function inParallel(sizes: readonly Size[]): Size {
    return {
      depth: Math.max(0, ...sizes.map(({ depth }) => depth)),
      fetches: sum(sizes.map(({ fetches }) => fetches)),
    };
  }
}

/** Every operation of the repository, each with all fragments; the files share them. */
function readOperations(): DocumentNode[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'));
  const all = files.flatMap((file) => parse(readFileSync(new URL(file, FOLDER), 'utf8')).definitions);
  const fragments = all.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return all
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((operation) => ({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }));
}

describe('S5.16.3, no synchronous chains: the plan of each operation that clients may rely on', () => {
  const api = supergraph.apiSchema();
  const sizes = readOperations().map((document) => {
    const operation = operationFromDocument(api, document);
    return { name: operation.name, ...sizeOf(planner.buildQueryPlan(operation).node) };
  });

  it(`has at most ${MAX_DEPTH} fetches that wait for one another`, () => {
    expect(sizes.length).toBeGreaterThan(50);
    expect(sizes.filter(({ depth }) => depth > MAX_DEPTH)).toEqual([]);
  });

  it(`has at most ${MAX_FETCHES} fetches`, () => {
    expect(sizes.filter(({ fetches }) => fetches > MAX_FETCHES)).toEqual([]);
  });
});
