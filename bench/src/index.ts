import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { measureAnalyticsIngest } from './analytics-ingest.ts';
import { measureAnalyticsQueries } from './analytics-queries.ts';
import { measureAttackDocuments } from './attack-documents.ts';
import { measureAuthorisation } from './authorisation.ts';
import { measureCatalogSize } from './catalog-size.ts';
import { measureFanOut } from './fan-out.ts';
import { type Benchmark, isMet, tableHead, tableLine } from './figure.ts';
import { measureGatewayCpu } from './gateway-cpu.ts';
import { measureGatewayProtections } from './gateway-protections.ts';
import { measureImportMetadata } from './import-metadata.ts';
import { measureJobs } from './jobs.ts';
import { measureLandmarks } from './landmarks.ts';
import { measureListCost } from './list-cost.ts';
import { measurePipelineCpu, measureWorkerMemory } from './pipeline-cpu.ts';
import { measureSegments } from './segments.ts';
import { measureFirstStart, measureStart } from './start.ts';
import { measureTextSearch } from './text-search.ts';
import { measureVectorSearch } from './vector-search.ts';
import { measureWave, measureWaveSkips } from './wave.ts';

// npm run bench [-- NAME…] [--rounds N]: measures what is named, or everything; ends with 1 where a target is missed.

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  'gateway-cpu': measureGatewayCpu,
  'gateway-protections': measureGatewayProtections,
  authorisation: measureAuthorisation,
  'attack-documents': measureAttackDocuments,
  'fan-out': measureFanOut,
  'list-cost': measureListCost,
  'import-metadata': measureImportMetadata,
  'catalog-size': measureCatalogSize,
  'text-search': measureTextSearch,
  'vector-search': measureVectorSearch,
  landmarks: measureLandmarks,
  wave: measureWave,
  'wave-skips': measureWaveSkips,
  'analytics-ingest': measureAnalyticsIngest,
  'analytics-queries': measureAnalyticsQueries,
  segments: measureSegments,
  jobs: measureJobs,
  'pipeline-cpu': measurePipelineCpu,
  'worker-memory': measureWorkerMemory,
  start: measureStart,
  'first-start': measureFirstStart,
};

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const rows: string[] = [tableHead()];
for (const name of positionals.length ? positionals : Object.keys(BENCHMARKS)) {
  const measure = BENCHMARKS[name];
  if (!measure) throw new Error(`no benchmark ${name}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  const tell = (what: string) => void process.stderr.write(`${name}: ${what}\n`);
  for (const row of await measure({ rounds, tell })) {
    if (!('skipped' in row) && !isMet(row)) process.exitCode = 1;
    rows.push(tableLine(row));
  }
}
const load = loadavg()
  .map((value) => value.toFixed(1))
  .join(' ');
rows.push(`${availableParallelism()} CPUs, load ${load}, Node ${process.versions.node}`);
process.stdout.write(`${rows.join('\n')}\n`);
if (process.connected) process.disconnect();
