/* oxlint-disable typescript/no-explicit-any -- a test states the shape it expects when it asserts */
import { randomUUID } from 'node:crypto';

import { newId } from '@volna/events';

import type { Caller, Viewer } from '../identity.ts';
import type { Subgraph } from '../subgraph.ts';

export interface Answer {
  data?: any;
  errors?: any[];
}

/** A signed-in user; each call makes another one. */
export function aViewer(overrides: Partial<Viewer> = {}): Viewer {
  return { userId: newId('User'), sessionId: newId('Session'), roles: ['USER'], scopes: [], ...overrides };
}

export function aCaller(viewer: Viewer | null = null): Caller {
  return { viewer, correlationId: randomUUID(), ip: '127.0.0.1', userAgent: 'test' };
}

/** Asks a subgraph as the gateway would for this viewer, or for somebody who is not signed in. */
export function asCaller(subgraph: Subgraph, viewer: Viewer | null = null) {
  return async (query: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
    toAnswer(await subgraph.execute({ query, variables }, aCaller(viewer)));
}

/** Subscribes likewise; `break` out of the loop, or `return()`, ends it. */
export async function* subscribeAs(
  subgraph: Subgraph,
  viewer: Viewer | null,
  query: string,
  variables: Record<string, unknown> = {},
): AsyncGenerator<Answer> {
  for await (const result of subgraph.subscribe({ query, variables }, aCaller(viewer)))
    yield toAnswer(result);
}

// through JSON as over the wire: graphql-js gives objects without a prototype, which no matcher finds equal
const toAnswer = (result: unknown): Answer => JSON.parse(JSON.stringify(result)) as Answer;
