import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Pool } from 'undici';

import { startChild } from './child.ts';
import { type Benchmark, median } from './figure.ts';
import { ATTACKS, type Attack } from './gateway/attacks.ts';
import { readTreeMemory } from './process-tree.ts';

/** Times that each document is sent, never twice the same: nothing is answered from what is remembered. */
const REPEATS = 60;
const WARM_UP = 5;
const MEGABYTE = 1e6;

/**
 * How fast hostile documents are refused, and how much of the memory that they took stays in use. What the process
 * holds of the machine's beside that is V8's spare room.
 */
export const measureAttackDocuments: Benchmark = async ({ tell }) => {
  const supergraph = fileURLToPath(import.meta.resolve('@volna/gateway/supergraph'));
  if (!(await readFile(supergraph, 'utf8')).includes('type Track')) throw new Error('no supergraph of ours');
  await using gateway = await startChild<string>(new URL('gateway/run-ours.ts', import.meta.url), [
    supergraph,
    '{}',
  ]);
  const { origin, pathname } = new URL(gateway.said);
  const pool = new Pool(origin, { connections: 1 });

  async function send(attack: Attack, seed: number): Promise<number> {
    const body = attack.write(seed);
    const began = performance.now();
    const answer = await pool.request({
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await answer.body.text();
    const ms = performance.now() - began;
    const isRefused = answer.statusCode >= 400 && answer.statusCode < 500 && !text.includes('"data"');
    if (!isRefused) throw new Error(`${attack.name}: ${answer.statusCode} ${text.slice(0, 300)}`);
    return ms;
  }

  try {
    let seed = 0;
    for (; seed < WARM_UP; seed++) for (const attack of ATTACKS) await send(attack, seed);
    const [kept, resident] = [await gateway.ask<number>('memory'), await readTreeMemory(gateway.pid)];
    const slowest = { name: '', ms: 0 };
    const last = seed + REPEATS;
    const times = new Map(ATTACKS.map(({ name }) => [name, [] as number[]]));
    for (; seed < last; seed++) {
      for (const attack of ATTACKS) times.get(attack.name)?.push(await send(attack, seed));
    }
    for (const [name, all] of times) {
      const ms = median(all);
      tell(`${name}: ${ms.toFixed(1)} ms, at most ${Math.max(...all).toFixed(1)}`);
      if (ms > slowest.ms) Object.assign(slowest, { name, ms });
    }
    const growth = ((await gateway.ask<number>('memory')) - kept) / MEGABYTE;
    tell(
      `resident memory grew by ${(((await readTreeMemory(gateway.pid)) - resident) / MEGABYTE).toFixed(0)} MB`,
    );
    return [
      { name: `attack: ${slowest.name}`, unit: 'ms', ours: slowest.ms, peer: null, limit: 50 },
      { name: 'attack: memory kept', unit: 'MB', ours: Math.max(0, growth), peer: null, limit: 50 },
    ];
  } finally {
    await pool.destroy();
  }
};
