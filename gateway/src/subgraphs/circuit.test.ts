import { createServer } from 'node:net';

import { describe, expect, it } from '@jest/globals';
import { listen } from '@volna/platform/http';

import { internalKey, startStub, stranger, type Stub } from '../testing/remotes.ts';
import { until } from '../testing/sockets.ts';
import { createRemoteSubgraph, type RemoteOptions } from './remote.ts';
import { SubgraphUnavailableError } from './unavailable.ts';

const QUERY = '{"query":"{ x }"}';
const PROBE = '__typename';

interface Moody extends Stub {
  /** Bodies that it was asked, without probes. */
  readonly asked: string[];
  readonly probes: string[];
  mood: 'well' | 'sick' | 'silent' | 'refusing';
  /** Connections that it wants closed. */
  isLeaving: boolean;
}

/** A subgraph whose health the test decides. */
async function startMoody(): Promise<Moody> {
  const moody = { asked: [] as string[], probes: [] as string[], isLeaving: false };
  const state = { ...moody, mood: 'well' as Moody['mood'] };
  const stub = await startStub((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk));
    request.on('end', () => {
      (body.includes(PROBE) ? state.probes : state.asked).push(body);
      if (state.isLeaving) response.setHeader('connection', 'close');
      if (state.mood === 'silent') return;
      const status = { well: 200, sick: 500, refusing: 400 }[state.mood];
      response.writeHead(status).end(state.mood === 'well' ? '{"data":{"x":1}}' : 'no');
    });
  });
  return Object.assign(state, stub);
}

function open(urls: readonly string[], policy: RemoteOptions['policy'] = {}) {
  return createRemoteSubgraph({ name: 'moody', urls, internalKey, policy });
}

const ask = (remote: ReturnType<typeof open>, { timeoutMs = 20_000, isMutation = false } = {}) =>
  remote.send(QUERY, stranger, { timeoutMs, isMutation }).then(
    ({ data }) => data?.['x'],
    (err: unknown) => {
      expect(err).toBeInstanceOf(SubgraphUnavailableError);
      return 'unavailable';
    },
  );

/** A URL at which nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  const port = await listen(server as never, 0, '127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/graphql`;
}

describe('G5, S2.1.4: the circuit of a subgraph', () => {
  it.each(['sick', 'silent'] as const)(
    'opens after failures in a row, and lets no request through while it is %s',
    async (mood) => {
      await using moody = await startMoody();
      moody.mood = mood;
      await using remote = open([moody.url], { failures: 3, retries: 0, coolDownMs: 60_000 });
      for (let i = 0; i < 3; i++) expect(await ask(remote, { timeoutMs: 100 })).toBe('unavailable');
      for (let i = 0; i < 20; i++) expect(await ask(remote)).toBe('unavailable');
      expect(moody.asked).toHaveLength(3);
    },
  );

  it('closes once a probe of the gateway is answered, without a client as its guinea pig', async () => {
    await using moody = await startMoody();
    moody.mood = 'sick';
    await using remote = open([moody.url], { failures: 2, retries: 0, coolDownMs: 50 });
    for (let i = 0; i < 2; i++) await ask(remote);
    await until(() => moody.probes.length === 2);
    expect(await ask(remote)).toBe('unavailable');
    expect(moody.asked).toHaveLength(2);
    moody.mood = 'well';
    while ((await ask(remote)) === 'unavailable') await new Promise(setImmediate);
    expect(moody.asked.length).toBeGreaterThan(2);
  });

  it('stays closed for failures that successes stand between, and for requests that are refused', async () => {
    await using moody = await startMoody();
    await using remote = open([moody.url], { failures: 2, retries: 0, coolDownMs: 60_000 });
    for (const mood of ['sick', 'well', 'sick', 'refusing', 'refusing', 'refusing'] as const) {
      moody.mood = mood;
      await ask(remote);
    }
    moody.mood = 'well';
    expect(await ask(remote)).toBe(1);
  });

  it('sends a subgraph that is down at most a tenth more than it is asked, and ten', async () => {
    await using moody = await startMoody();
    moody.mood = 'sick';
    await using remote = open([moody.url], { failures: 1_000, retries: 5 });
    await Promise.all(Array.from({ length: 100 }, () => ask(remote)));
    expect(moody.asked.length).toBeGreaterThan(100);
    expect(moody.asked.length).toBeLessThanOrEqual(121);
  });
});

describe('S2.1.6: several URLs of a subgraph', () => {
  it('share its requests, and those in health take the share of one that is not', async () => {
    await using left = await startMoody();
    await using right = await startMoody();
    await using remote = open([left.url, right.url], { failures: 2, coolDownMs: 60_000 });
    for (let i = 0; i < 10; i++) expect(await ask(remote)).toBe(1);
    expect([left.asked.length, right.asked.length]).toEqual([5, 5]);
    left.mood = 'sick';
    for (let i = 0; i < 20; i++) expect(await ask(remote)).toBe(1);
    expect(left.asked).toHaveLength(7);
  });

  it('give the next request to the one with the fewest under way', async () => {
    await using slow = await startMoody();
    await using fast = await startMoody();
    slow.mood = 'silent';
    await using remote = open([slow.url, fast.url], { retries: 0 });
    const waiting = ask(remote, { timeoutMs: 1_000 });
    for (let i = 0; i < 6; i++) expect(await ask(remote)).toBe(1);
    expect([slow.asked.length, fast.asked.length]).toEqual([1, 6]);
    expect(await waiting).toBe('unavailable');
  });

  it('spare the one that closes its connections, as one does that is about to stop', async () => {
    await using leaving = await startMoody();
    await using staying = await startMoody();
    leaving.isLeaving = true;
    await using remote = open([leaving.url, staying.url]);
    for (let i = 0; i < 6; i++) expect(await ask(remote)).toBe(1);
    expect([leaving.asked.length, staying.asked.length]).toEqual([1, 5]);
  });

  it('take a mutation that another never got, and none that another may have done', async () => {
    await using well = await startMoody();
    await using remote = open([await deadUrl(), well.url]);
    expect(await ask(remote, { isMutation: true })).toBe(1);
    await using sick = await startMoody();
    sick.mood = 'sick';
    await using other = open([sick.url, well.url]);
    expect(await ask(other, { isMutation: true })).toBe('unavailable');
    expect(well.asked).toHaveLength(1);
  });
});
