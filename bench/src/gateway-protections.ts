import { deepStrictEqual } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startChild } from './child.ts';
import { type Benchmark, median } from './figure.ts';
import { openFolder } from './folder.ts';
import { ask, contend, measure, warmUp } from './gateway/contender.ts';
import { composeLibrary } from './gateway/library.ts';
import { signToken } from './gateway/sign-token.ts';

/**
 * CPU of the gateway for one request of five fetches by a signed-in user, with every protection on: the token, rate
 * limits, limits of the operation, the rules of three fields, headers. The peer is its executor behind a server that
 * does none of it.
 */
export const measureGatewayProtections: Benchmark = async ({ rounds, tell }) => {
  await using running = new AsyncDisposableStack();
  const folder = running.use(await openFolder());
  const subgraphs = running.use(
    await startChild<Record<string, string>>(new URL('gateway/run-subgraphs.ts', import.meta.url), []),
  );
  const { token, jwks } = signToken(['read', 'library', 'account']);
  const files = { guarded: join(folder.path, 'guarded.graphql'), open: join(folder.path, 'open.graphql') };
  await writeFile(files.guarded, composeLibrary(subgraphs.said, true));
  await writeFile(files.open, composeLibrary(subgraphs.said));

  const urls = JSON.stringify(subgraphs.said);
  const headers = { authorization: `Bearer ${token}` };
  const on = running.use(
    contend('protected', await start('gateway/run-ours.ts', [files.guarded, urls, jwks]), headers),
  );
  const off = running.use(contend('bare', await start('gateway/run-bare.ts', [files.open, urls]), headers));
  const answers = await Promise.all([on, off].map(async (side) => JSON.parse(await ask(side, 1)) as object));
  const [left, right] = answers.map((answer) => ('data' in answer ? answer.data : null));
  deepStrictEqual(left, right);

  for (const side of [on, off]) await warmUp(side);
  for (let round = 1; round <= rounds; round++) {
    for (const side of round % 2 ? [on, off] : [off, on]) await measure(side);
    tell(`round ${round}: ${on.rounds.at(-1)?.toFixed(3)} ms on, ${off.rounds.at(-1)?.toFixed(3)} ms off`);
  }
  return [
    {
      name: 'gateway-protections',
      unit: 'ms/request',
      ours: median(on.rounds),
      peer: median(off.rounds),
      limit: 1.15,
    },
  ];
};

function start(entry: string, args: readonly string[]) {
  return startChild<string>(new URL(entry, import.meta.url), args);
}
