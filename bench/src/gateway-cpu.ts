import { deepStrictEqual } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Pool } from 'undici';

import { type Child, startChild } from './child.ts';
import { type Benchmark, median, type Row } from './figure.ts';
import { openFolder } from './folder.ts';
import { composeLibrary, QUERY } from './gateway/library.ts';
import { installHive, startHive } from './gateway/start-hive.ts';
import { readTreeCpu } from './process-tree.ts';

/** Different requests; the first time that each is asked, the subgraphs compute what they replay later. */
const REQUESTS = 1500;
const AT_A_TIME = 32;
/** Times that all requests are sent before anything is measured: until then the code is still being compiled. */
const WARM_UP = 3;

interface Contender extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly pool: Pool;
  readonly path: string;
  /** Milliseconds of CPU a request, of each round. */
  readonly rounds: number[];
}

/** CPU of the gateway's own process for one request of five fetches, with subgraphs and clients elsewhere. */
export const measureGatewayCpu: Benchmark = async ({ rounds, tell }) => {
  await using running = new AsyncDisposableStack();
  const folder = running.use(await openFolder());
  const subgraphs = running.use(
    await startChild<Record<string, string>>(new URL('gateway/run-subgraphs.ts', import.meta.url), []),
  );
  const file = join(folder.path, 'supergraph.graphql');
  await writeFile(file, composeLibrary(subgraphs.said));

  const urls = JSON.stringify(subgraphs.said);
  const start = (entry: string) => startChild<string>(new URL(entry, import.meta.url), [file, urls]);
  const ours = running.use(contend('ours', await start('gateway/run-ours.ts')));
  const stock = running.use(contend('@apollo/gateway', await start('gateway/run-stock.ts')));
  const hive = await startHiveIfAny(file, tell);
  const contenders = [ours, stock, ...(hive ? [running.use(hive)] : [])];
  for (const contender of contenders) {
    await compareAnswers(ours, contender);
    for (let time = 0; time < WARM_UP; time++) await load(contender);
  }
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) await measure(contender);
    tell(
      `round ${round}: ${contenders.map(({ name, rounds: all }) => `${name} ${all.at(-1)?.toFixed(2)} ms`).join(', ')}`,
    );
  }

  const cost = median(ours.rounds);
  const against = (name: string, { rounds: all }: Contender, limit: number): Row => ({
    name,
    unit: 'ms/request',
    ours: cost,
    peer: median(all),
    limit,
  });
  const hiveName = 'gateway-cpu: hive-gateway, Rust';
  return [
    against('gateway-cpu: @apollo/gateway', stock, 1 / 4),
    hive ? against(hiveName, hive, 1) : { name: hiveName, skipped: 'hive-gateway is not installed' },
  ];
};

async function startHiveIfAny(file: string, tell: (what: string) => void): Promise<Contender | null> {
  try {
    await installHive();
  } catch (err) {
    tell(`hive-gateway cannot be installed: ${String(err).split('\n')[0]}`);
    return null;
  }
  return contend('hive-gateway', await startHive(file));
}

function contend(name: string, child: Omit<Child<string>, 'ask'>): Contender {
  const { origin, pathname } = new URL(child.said);
  const pool = new Pool(origin, { connections: AT_A_TIME });
  return {
    name,
    pid: child.pid,
    pool,
    path: pathname,
    rounds: [],
    async [Symbol.asyncDispose]() {
      await pool.destroy();
      await child[Symbol.asyncDispose]();
    },
  };
}

async function measure(contender: Contender): Promise<void> {
  const before = await readTreeCpu(contender.pid);
  await load(contender);
  contender.rounds.push(((await readTreeCpu(contender.pid)) - before) * (1000 / REQUESTS));
}

/** Sends every request once. */
async function load(contender: Contender): Promise<void> {
  let seed = 0;
  const client = async () => {
    while (seed < REQUESTS) await ask(contender, seed++);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
}

async function ask({ name, pool, path }: Contender, seed: number): Promise<string> {
  const { statusCode, body } = await pool.request({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { seed } }),
  });
  const text = await body.text();
  if (statusCode !== 200 || text.includes('"errors"'))
    throw new Error(`${name}: ${statusCode} ${text.slice(0, 300)}`);
  return text;
}

async function compareAnswers(left: Contender, right: Contender): Promise<void> {
  for (const seed of [0, 1, REQUESTS - 1]) {
    const [ours, theirs] = await Promise.all([ask(left, seed), ask(right, seed)]);
    deepStrictEqual(JSON.parse(theirs).data, JSON.parse(ours).data);
  }
}
