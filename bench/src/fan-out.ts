import { setTimeout } from 'node:timers/promises';

import { type Child, startChild } from './child.ts';
import { type Benchmark, median } from './figure.ts';
import { readTreeCpu, readTreeMemory } from './process-tree.ts';

const MANY = 10_000;
const FEW = 100;
/** Results that all clients together get in a round. */
const RESULTS = 100_000;
/** Changes that are made before anybody waits for their results. */
const AT_ONCE = 20;
/** Rounds before it counts: until then the code is being compiled. */
const WARM_UP = 1;
/** Subscriptions that another one has taken the place of have ended after it. */
const SETTLE_MS = 3_000;

interface Contender extends AsyncDisposable {
  readonly server: Child<string>;
  readonly clients: Child<string>;
  readonly size: number;
  /** Microseconds of CPU a result, of each round. */
  readonly rounds: number[];
  /** Kilobytes that a connection takes. */
  readonly kilobytes: number;
}

/**
 * What a server spends on one change of one thing that many follow, for each that is told, beside graphql-ws which
 * executes the operation for each of them; and what a connection takes of its memory.
 */
export const measureFanOut: Benchmark = async ({ rounds, tell }) => {
  await using running = new AsyncDisposableStack();
  const open = async (entry: string, size: number) => running.use(await start(entry, size));
  // one after the other: what the memory of each is, is told apart
  const few = await open('fan-out/run-volna.ts', FEW);
  const many = await open('fan-out/run-volna.ts', MANY);
  const peer = await open('fan-out/run-graphql-ws.ts', MANY);
  const contenders = { few, many, peer };
  for (let round = 1 - WARM_UP; round <= rounds; round++) {
    for (const contender of Object.values(contenders)) {
      const us = await measure(contender);
      if (round > 0) contender.rounds.push(us);
    }
    const told = Object.entries(contenders).map(
      ([name, { rounds: all }]) => `${name} ${all.at(-1)?.toFixed(1)}`,
    );
    tell(`round ${round}: ${told.join(', ')} µs; graphql-ws ${peer.kilobytes.toFixed(1)} kB a connection`);
  }
  const unit = 'µs/message';
  const ours = median(many.rounds);
  return [
    { name: 'fan-out: beside graphql-ws', unit, ours, peer: median(peer.rounds), limit: 1 / 2 },
    { name: 'fan-out: 10,000 beside 100', unit, ours, peer: median(few.rounds), limit: 1.3 },
    { name: 'fan-out: memory', unit: 'kB/connection', ours: many.kilobytes, peer: null, limit: 30 },
  ];
};

async function start(entry: string, size: number): Promise<Contender> {
  await using starting = new AsyncDisposableStack();
  const server = starting.use(await startChild<string>(new URL(entry, import.meta.url), []));
  const clients = starting.use(
    await startChild<string>(new URL('fan-out/run-clients.ts', import.meta.url), [server.said]),
  );
  // some of what is needed once is there before the others come
  await clients.ask(`connect ${FEW / 2}`);
  const before = await readMemory(server);
  await clients.ask(`connect ${size}`);
  await setTimeout(SETTLE_MS);
  const kilobytes = ((await readMemory(server)) - before) / (size - FEW / 2) / 1_000;
  const running = starting.move();
  return {
    server,
    clients,
    size,
    rounds: [],
    kilobytes,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function readMemory(server: Child<string>): Promise<number> {
  await server.ask('gc');
  return readTreeMemory(server.pid);
}

async function measure({ server, clients, size }: Contender): Promise<number> {
  const changes = RESULTS / size;
  const before = await readTreeCpu(server.pid);
  for (let left = changes; left > 0; left -= AT_ONCE) {
    const some = Math.min(left, AT_ONCE);
    const got = clients.ask(`expect ${some * size}`);
    await server.ask(String(some));
    await got;
  }
  return ((await readTreeCpu(server.pid)) - before) * (1e6 / RESULTS);
}
