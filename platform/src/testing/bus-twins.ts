import { randomUUID } from 'node:crypto';

import { EmbeddedBus } from '../bus-embedded.ts';
import { NatsBus } from '../bus-nats.ts';
import type { Bus } from '../bus.ts';
import { startNatsServer } from '../embedded/nats-server.ts';
import type { EmbeddedServer } from '../embedded/server-process.ts';
import { openScratch } from '../scratch.ts';
import { binaryForTests, openNatsServer } from './servers.ts';

export const BACK_OFF_MS = 5;

/** One place where messages are kept, and the processes that meet there. */
export interface BusSite extends AsyncDisposable {
  /** A bus as a further process would have it. */
  join(): Promise<Bus>;
}

export interface BusTwin {
  readonly title: string;
  /** Why it cannot be tested here. */
  readonly missing: string | undefined;
  openSite(): Promise<BusSite>;
}

const nats = await binaryForTests('nats-server');
let server: Promise<EmbeddedServer> | undefined;

/** Ends the server that the suites share. */
export async function closeTwins(): Promise<void> {
  const ended = server;
  server = undefined;
  await (await ended)?.[Symbol.asyncDispose]();
}

export const memoryTwin: BusTwin = {
  title: 'EmbeddedBus in memory',
  missing: undefined,
  openSite: async () => siteOf(() => EmbeddedBus.open({ backOffMs: BACK_OFF_MS })),
};

export const directoryTwin: BusTwin = {
  title: 'EmbeddedBus with a directory',
  missing: undefined,
  openSite: async () => {
    const scratch = await openScratch();
    const directory = scratch.path('bus');
    return siteOf(() => EmbeddedBus.open({ directory, backOffMs: BACK_OFF_MS }), scratch);
  },
};

export const natsTwin: BusTwin = {
  title: typeof nats === 'string' ? `NatsBus (skipped: ${nats})` : 'NatsBus',
  missing: typeof nats === 'string' ? nats : undefined,
  openSite: async () => {
    if (typeof nats === 'string') throw new Error(nats);
    server ??= openNatsServer(nats);
    const { url } = await server;
    const prefix = `test-${randomUUID()}`;
    return siteOf(() => NatsBus.connect(url, { prefix, backOffMs: BACK_OFF_MS }));
  },
};

function siteOf(join: () => Promise<Bus>, scratch?: AsyncDisposable): BusSite {
  const joined = new AsyncDisposableStack();
  if (scratch) joined.use(scratch);
  return {
    join: async () => joined.use(await join()),
    [Symbol.asyncDispose]: () => joined.disposeAsync(),
  };
}

/** A broker that can be killed and started again at the same address. */
export interface MortalBroker extends AsyncDisposable {
  readonly url: string;
  kill(): Promise<void>;
  /** Stops it from answering, without ending it. */
  freeze(): void;
  thaw(): void;
  start(directory?: string): Promise<void>;
  path(name: string): string;
}

export async function openMortalBroker(): Promise<MortalBroker> {
  if (typeof nats === 'string') throw new Error(nats);
  const binary = nats;
  const scratch = await openScratch();
  let running = await startNatsServer({ binary, directory: scratch.path('store') });
  const { url } = running;
  const port = Number(new URL(url).port);
  return {
    url,
    path: (name) => scratch.path(name),
    kill: async () => {
      process.kill(running.pid, 'SIGKILL');
      await running[Symbol.asyncDispose]();
    },
    freeze: () => void process.kill(running.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running.pid, 'SIGCONT'),
    start: async (directory = 'store') => {
      running = await startNatsServer({ binary, directory: scratch.path(directory), port });
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

/** What a handler has got so far, and a promise of more. */
export interface Collected<Item> {
  readonly items: Item[];
  add(item: Item): void;
  /** Resolves once there are this many. */
  until(count: number): Promise<Item[]>;
}

export function collect<Item>(): Collected<Item> {
  const items: Item[] = [];
  const waiting = new Set<() => void>();
  return {
    items,
    add: (item) => {
      items.push(item);
      for (const check of waiting) check();
    },
    until: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (items.length < count) return;
          waiting.delete(check);
          resolve(items);
        };
        waiting.add(check);
        check();
      }),
  };
}
