import { Pool } from 'undici';

import type { Child } from '../child.ts';
import { readTreeCpu } from '../process-tree.ts';
import { QUERY } from './library.ts';

/** Different requests; the first time that each is asked, the subgraphs compute what they replay later. */
export const REQUESTS = 1500;
const AT_A_TIME = 32;
/** Times that all requests are sent before anything is measured: until then the code is still being compiled. */
const WARM_UP = 3;

export interface Contender extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly pool: Pool;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds of CPU a request, of each round. */
  readonly rounds: number[];
}

/** A gateway that runs, as something to be measured. */
export function contend(
  name: string,
  child: Omit<Child<string>, 'ask'>,
  headers: Readonly<Record<string, string>> = {},
): Contender {
  const { origin, pathname } = new URL(child.said);
  const pool = new Pool(origin, { connections: AT_A_TIME });
  return {
    name,
    pid: child.pid,
    pool,
    path: pathname,
    headers,
    rounds: [],
    async [Symbol.asyncDispose]() {
      await pool.destroy();
      await child[Symbol.asyncDispose]();
    },
  };
}

/** Notes what CPU a request takes. */
export async function measure(contender: Contender): Promise<void> {
  const before = await readTreeCpu(contender.pid);
  await load(contender);
  contender.rounds.push(((await readTreeCpu(contender.pid)) - before) * (1000 / REQUESTS));
}

export async function warmUp(contender: Contender): Promise<void> {
  for (let time = 0; time < WARM_UP; time++) await load(contender);
}

/** Sends every request once. */
async function load(contender: Contender): Promise<void> {
  let seed = 0;
  const client = async () => {
    while (seed < REQUESTS) await ask(contender, seed++);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
}

export async function ask({ name, pool, path, headers }: Contender, seed: number): Promise<string> {
  const { statusCode, body } = await pool.request({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query: QUERY, variables: { seed } }),
  });
  const text = await body.text();
  if (statusCode !== 200 || text.includes('"errors"'))
    throw new Error(`${name}: ${statusCode} ${text.slice(0, 300)}`);
  return text;
}
