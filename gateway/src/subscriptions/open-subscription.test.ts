import { describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { createStream, type StreamSink } from '@volna/platform/stream';
import { type ExecutionResult, OperationTypeNode, parse } from 'graphql';

import type { OperationContext } from '../context.ts';
import type { Executor } from '../executor/index.ts';
import { createOpenSubscription } from './open-subscription.ts';

const QUERY = 'subscription { playlist { name } }';
const checked = { document: parse(QUERY), type: OperationTypeNode.SUBSCRIPTION };
type Source = StreamSink<ExecutionResult> & { isOpen: boolean };

/** Subscriptions whose sources on the subgraph a test speaks for, in the order in which they were opened. */
function openSite() {
  const sources: Source[] = [];
  const subscribe = () =>
    createStream<ExecutionResult>(async (sink) => {
      const source = { ...sink, isOpen: true };
      sources.push(source);
      return { [Symbol.asyncDispose]: async () => void (source.isOpen = false) };
    });
  const open = createOpenSubscription({ subscribe } as Partial<Executor<OperationContext>> as never);
  let client = 0;

  /** A client, and all that it has got. */
  function join({ viewer = null, variables = {} }: { viewer?: Viewer | null; variables?: object } = {}) {
    const correlationId = `client-${++client}`;
    const context: OperationContext = { caller: { viewer, correlationId, ip: correlationId, userAgent: '' } };
    const got: unknown[] = [];
    const text = (said: string) => void got.push(`text ${JSON.parse(said).data.name}`);
    const operation = { query: QUERY, variables: variables as Record<string, unknown> };
    const results = open(checked, operation, context, text);
    const reading = (async () => {
      for await (const { data, extensions } of results) got.push([data?.['name'], extensions?.['requestId']]);
      got.push('end');
    })();
    return { got, leave: () => results.return?.(), reading };
  }
  return { sources, join, openSources: () => sources.filter(({ isOpen }) => isOpen).length };
}

const state = (name: string, position?: number): ExecutionResult => ({
  data: { name },
  ...(position !== undefined && { extensions: { position } }),
});
const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const alice = { userId: newId('User'), sessionId: newId('Session'), roles: [], scopes: [] } as Viewer;

describe('subscriptions to the same', () => {
  it('are one on the subgraph from where both have come to', async () => {
    const { sources, join, openSources } = openSite();
    const [one, other] = [join(), join()];
    await turns();
    expect(openSources()).toBe(2);
    sources[0]?.push(state('a', 1));
    sources[0]?.push(state('b', 2));
    sources[1]?.push(state('b again', 2));
    await turns();
    expect(openSources()).toBe(1);
    sources.find(({ isOpen }) => isOpen)?.push(state('c', 3));
    await turns();
    expect(one.got).toEqual([['a', 'client-1'], 'text b', 'text c']);
    expect(other.got).toEqual([['b again', 'client-2'], 'text c']);
  });

  it('go on for those who stay, and end on the subgraph with the last', async () => {
    const { sources, join, openSources } = openSite();
    const [one, other] = [join(), join()];
    await turns();
    for (const source of sources) source.push(state('a', 1));
    await turns();
    await one.leave();
    await turns();
    expect(openSources()).toBe(1);
    sources.find(({ isOpen }) => isOpen)?.push(state('b', 2));
    await turns();
    expect(other.got).toEqual([['a', 'client-2'], 'text b']);
    await other.leave();
    await turns();
    expect(openSources()).toBe(0);
  });

  it('end for all when the subgraph ends', async () => {
    const { sources, join } = openSite();
    const clients = [join(), join(), join()];
    await turns();
    for (const source of sources) source.push(state('a', 1));
    await turns();
    sources.find(({ isOpen }) => isOpen)?.end();
    await Promise.all(clients.map(({ reading }) => reading));
    expect(clients.map(({ got }) => got.at(-1))).toEqual(['end', 'end', 'end']);
  });

  it('stay apart where rights or variables differ, or a subgraph says no position', async () => {
    const { sources, join, openSources } = openSite();
    join();
    join({ viewer: alice });
    join({ viewer: { ...alice, scopes: ['admin'] } });
    join({ variables: { sinceSeq: 1 } });
    await turns();
    for (const source of sources) source.push(state('a', 1));
    await turns();
    expect(openSources()).toBe(4);

    const silent = openSite();
    silent.join();
    silent.join();
    await turns();
    for (const source of silent.sources) source.push(state('a'));
    await turns();
    expect(silent.openSources()).toBe(2);
  });

  it('serve many, each once', async () => {
    const { sources, join, openSources } = openSite();
    const clients = Array.from({ length: 1_200 }, () => join());
    await turns();
    for (const source of sources) source.push(state('a', 1));
    await turns();
    expect(openSources()).toBe(1);
    sources.find(({ isOpen }) => isOpen)?.push(state('b', 2));
    await turns();
    expect(new Set(clients.map(({ got }) => JSON.stringify(got.slice(1))))).toEqual(new Set(['["text b"]']));
  });
});
