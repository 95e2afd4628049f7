import { parseArgs } from 'node:util';

import { binaryForTests } from '@volna/platform/testing/servers';

import { createRandom, seedOf } from '../demo/random.ts';
import { type DeployedSite, openSite } from './open-site.ts';
import { describeReport, type Reported, tableLine, writeReport } from './report.ts';
import type { Scenario, ScenarioContext } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

// npm run chaos [-- --only F13,G1] [--seed N] [--uploads 200] [--report FILE]: plays the faults that take minutes on
// processes of its own; ends with 1 where something was lost, double or stuck.

const LINES = ['postgres:5432', 'minio:9000'];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string' },
    uploads: { type: 'string', default: '200' },
    report: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    `npm run chaos [-- --only ${SCENARIOS.map(({ id }) => id).join()}] [--seed N] [--uploads 200] [--report FILE]\n`,
  );
} else {
  await main();
}

async function main(): Promise<void> {
  const chosen = choose(values.only);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const reported: Reported[] = [];
  const programs = await findPrograms();
  await using opened = new AsyncDisposableStack();
  let shared: Promise<DeployedSite> | undefined;
  const site = () => (shared ??= openSite({ programs }, { lines: LINES }).then((open) => opened.use(open)));
  for (const scenario of chosen) {
    const tell = (what: string) => void process.stderr.write(`${scenario.id}: ${what}\n`);
    tell(`${scenario.fault} (seed ${seed})`);
    const random = createRandom(seed ^ seedOf(scenario.id));
    const context = { programs, site, random, uploads: Number(values.uploads), tell };
    const row = await play(scenario, context);
    reported.push(row);
    tell(tableLine(row));
    for (const problem of row.problems.slice(0, 20)) tell(`  ${problem}`);
  }
  process.stdout.write(describeReport(reported, seed));
  if (values.report) await writeReport(values.report, reported, seed);
  if (reported.some(({ verdict }) => verdict === 'FAILED')) process.exitCode = 1;
}

function choose(only: string | undefined): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  return only.split(',').map((id) => {
    const found = SCENARIOS.find((scenario) => scenario.id === id.trim());
    if (!found)
      throw new Error(`no scenario ${id}; there are ${SCENARIOS.map((each) => each.id).join(', ')}`);
    return found;
  });
}

async function findPrograms(): Promise<ScenarioContext['programs']> {
  const [nats, redis, ffmpeg] = await Promise.all([
    binaryForTests('nats-server'),
    binaryForTests('redis-server'),
    binaryForTests('ffmpeg'),
  ]);
  if (typeof nats === 'string') throw new Error(nats);
  if (typeof redis === 'string') throw new Error(redis);
  if (typeof ffmpeg === 'string') throw new Error(ffmpeg);
  return { nats, redis, ffmpeg };
}

async function play(scenario: Scenario, context: ScenarioContext): Promise<Reported> {
  const { id, fault } = scenario;
  const begun = Date.now();
  const row = (verdict: Reported['verdict'], happened: string, rest: Partial<Reported> = {}): Reported => ({
    id,
    fault,
    verdict,
    happened,
    recoveryMs: null,
    problems: [],
    tookMs: Date.now() - begun,
    ...rest,
  });
  try {
    const outcome = await scenario.run(context);
    if ('skipped' in outcome) return row('SKIPPED', outcome.skipped);
    const { happened, recoveryMs, problems } = outcome;
    return row(problems.length > 0 ? 'FAILED' : 'PASSED', happened, { recoveryMs, problems });
  } catch (err) {
    const what = err instanceof Error ? (err.stack ?? err.message) : String(err);
    return row('FAILED', 'the scenario did not come to its end', { problems: [what] });
  }
}
