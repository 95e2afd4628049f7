import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { type BinaryName, findBinary } from '@volna/platform/binaries';
import { z } from 'zod';

// Runs all tests: `npm test`; `npm test -- --check` checks types, lint, format and dead code too; anything else
// goes to Jest. The last line is `N passed, N failed, N skipped`.

const ROOT = join(import.meta.dirname, '../..');
/** More than can compute at a time: tests of whole stacks wait for half of theirs. */
const WORKERS = Math.ceil(availableParallelism() * 1.5);
const PROGRAMS: readonly BinaryName[] = ['ffmpeg', 'ffprobe', 'nats-server', 'redis-server'];
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

const args = process.argv.slice(2);
const withCheck = args.includes('--check');
const folder = await mkdtemp(join(tmpdir(), 'volna-test-'));
try {
  const env = {
    ...process.env,
    PATH: `${await openPrograms(folder)}${delimiter}${process.env.PATH}`,
    // our processes that tests start have the same code, hundreds of files of it
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
  const report = join(folder, 'report.json');
  const jest = [
    'node_modules/jest/bin/jest.js',
    `--maxWorkers=${WORKERS}`,
    '--json',
    `--outputFile=${report}`,
    '--testLocationInResults',
    ...args.filter((arg) => arg !== '--check'),
  ];
  const [checked] = await Promise.all([
    withCheck ? run('npm', ['run', 'check', '--silent'], env, 'inherit') : null,
    run(process.execPath, jest, env),
  ]);
  const totals = Report.parse(JSON.parse(await readFile(report, 'utf8')));
  const passed = totals.numPassedTests + (checked === 0 ? 1 : 0);
  const failed = totals.numFailedTests + totals.numRuntimeErrorTestSuites + (checked ? 1 : 0);
  process.exitCode = failed > 0 ? 1 : 0;
  process.stdout.write(`${passed} passed, ${failed} failed, ${totals.numPendingTests} skipped\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (process.connected) process.disconnect();

async function run(
  command: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  output: 'inherit' | 'ignore' = 'ignore',
): Promise<number> {
  const child = spawn(command, argv, { cwd: ROOT, env, stdio: ['ignore', output, 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** A folder for PATH with the programs that the tests run: those that are missing are fetched where that can be. */
async function openPrograms(directory: string): Promise<string> {
  const bin = join(directory, 'bin');
  await mkdir(bin);
  const cacheDirectory = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'volna');
  for (const name of PROGRAMS) {
    try {
      const { path, env } = await findBinary(name, { cacheDirectory, onProgress: tell });
      const settings = Object.entries(env).map(([key, value]) => `${key}='${value}' `);
      await writeFile(join(bin, name), `#!/bin/sh\n${settings.join('')}exec '${path}' "$@"\n`);
      await chmod(join(bin, name), 0o755);
    } catch (err) {
      tell(err instanceof Error ? err.message : String(err));
    }
  }
  return bin;
}

function tell(what: string): void {
  process.stderr.write(`volna: ${what}\n`);
}
