import { deepStrictEqual } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startChild } from './child.ts';
import { type Benchmark, median, type Row } from './figure.ts';
import { openFolder } from './folder.ts';
import { ask, contend, type Contender, measure, REQUESTS, warmUp } from './gateway/contender.ts';
import { composeLibrary } from './gateway/library.ts';
import { installHive, startHive } from './gateway/start-hive.ts';

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
    await warmUp(contender);
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

async function compareAnswers(left: Contender, right: Contender): Promise<void> {
  for (const seed of [0, 1, REQUESTS - 1]) {
    const [ours, theirs] = await Promise.all([ask(left, seed), ask(right, seed)]);
    deepStrictEqual(JSON.parse(theirs).data, JSON.parse(ours).data);
  }
}
