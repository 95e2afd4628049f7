import { setTimeout as pause } from 'node:timers/promises';

import { endOf, FROM_CATALOG, isWell, keepAsking, msUntil, probe, sendSong, slowest } from '../probe-site.ts';
import type { Outcome, Scenario, ScenarioContext } from '../scenario.ts';

const AWAY_MS = 20_000;
/** After an outage of Postgres requests are answered again so soon. */
const BACK_MS = 5_000;
const BOUND_MS = 5_000;

/** Each way in which the server can go and come at once. */
export const f15: Scenario = {
  id: 'F15',
  fault: 'Postgres is restarted: fast (SIGINT), immediate (SIGQUIT), killed',
  async run({ site: open, programs: { ffmpeg } }) {
    const site = await open();
    const { postgres } = site.volna.servers;
    const problems: string[] = [];
    const took: number[] = [];
    const said: string[] = [];
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      const asking = keepAsking(() => probe(site, FROM_CATALOG));
      const { trackId } = await sendSong(site, ffmpeg, `Riptide ${signal}`);
      await postgres.kill(signal);
      await postgres.start();
      const ms = await msUntil('requests are answered', async () => isWell(await probe(site, FROM_CATALOG)));
      const answers = await asking.stop();
      const sick = answers.filter((answer) => !isWell(answer));
      const end = await endOf(site, trackId);
      took.push(ms);
      said.push(`${signal}: ${sick.length} queries failed, slowest ${slowest(answers)} ms, upload ${end}`);
      if (end !== 'READY') problems.push(`${signal}: an upload ended ${end}`);
      if (ms > BACK_MS) problems.push(`${signal}: requests failed for ${ms} ms after the restart`);
      if (slowest(answers) > BOUND_MS) problems.push(`${signal}: a query took ${slowest(answers)} ms`);
    }
    return { happened: said.join('; '), recoveryMs: Math.max(...took), problems };
  },
};

/** A server that cannot be reached, and of which nobody is told so. */
export const f16: Scenario = {
  id: 'F16',
  fault: 'Postgres cannot be reached for 20 s: packets vanish',
  run: runBlackHole,
};

async function runBlackHole({ site: open, programs: { ffmpeg } }: ScenarioContext): Promise<Outcome> {
  const site = await open();
  const line = site.volna.line('postgres:5432');
  const { trackId } = await sendSong(site, ffmpeg, 'Undertow');
  const health = (what: string) => statusOf(`${site.volna.urlOf('catalog')}/health/${what}`);
  line.poison({ isBlackHole: true });
  const asking = keepAsking(() => probe(site, FROM_CATALOG));
  await pause(AWAY_MS);
  const [live, ready] = [await health('live'), await health('ready')];
  const answers = await asking.stop();
  line.poison({});
  const recoveryMs = await msUntil('requests are answered', async () =>
    isWell(await probe(site, FROM_CATALOG)),
  );
  const end = await endOf(site, trackId);
  const well = answers.filter(isWell).length;
  return {
    happened: `${answers.length} queries, slowest ${slowest(answers)} ms, ${well} answered; live ${live}, ready ${ready}; upload ${end}`,
    recoveryMs,
    problems: [
      ...(slowest(answers) > BOUND_MS ? [`a query took ${slowest(answers)} ms`] : []),
      ...(live === 200 ? [] : [`/health/live answered ${live}`]),
      ...(ready === 503 ? [] : [`/health/ready answered ${ready}`]),
      ...(end === 'READY' ? [] : [`an upload ended ${end}`]),
      ...(recoveryMs > 2 * BACK_MS ? [`requests failed for ${recoveryMs} ms after the outage`] : []),
    ],
  };
}

async function statusOf(url: string): Promise<number> {
  return fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    ({ status }) => status,
    () => 0,
  );
}
