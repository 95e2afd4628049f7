import { execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Benchmark } from './figure.ts';
import { openFolder } from './folder.ts';
import { stopGroup, waitForEndpoint } from './pipeline/start-stack.ts';
import { readTreeMemory } from './process-tree.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_MS = 600_000;
/** After it nothing of the start is still under way. */
const IDLE_AFTER_MS = 15_000;
const MEGABYTE = 1e6;

/** `npm start` over a folder that it has started in before: until the endpoint answers, and memory at rest. */
export const measureStart: Benchmark = async ({ tell }) => {
  await using folder = await openFolder();
  const data = join(folder.path, 'data');
  {
    await using first = await npmStart(ROOT, data, process.env);
    tell(`the first start took ${first.seconds.toFixed(1)} s`);
  }
  await using second = await npmStart(ROOT, data, process.env);
  await setTimeout(IDLE_AFTER_MS);
  const megabytes = (await readTreeMemory(second.pid)) / MEGABYTE;
  return [
    { name: 'start: second', unit: 's', ours: second.seconds, peer: null, limit: 15 },
    { name: 'start: idle memory', unit: 'MB', ours: megabytes, peer: null, limit: 700 },
  ];
};

/** `npm start` in a clean clone by somebody whose home is empty; only npm's cache is warm. */
export const measureFirstStart: Benchmark = async () => {
  await using folder = await openFolder();
  const clone = join(folder.path, 'volna');
  await run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
  const home = join(folder.path, 'home');
  await mkdir(home);
  const outside = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|XDG_|INIT_CWD$|NODE$)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(outside),
    HOME: home,
    npm_config_cache: await readNpmConfig('cache'),
    npm_config_userconfig: await readNpmConfig('userconfig'),
  };
  await using first = await npmStart(clone, join(clone, '.volna'), env);
  return [{ name: 'first-start', unit: 's', ours: first.seconds, peer: null, limit: 120 }];
};

async function readNpmConfig(name: string): Promise<string> {
  return (await run('npm', ['config', 'get', name])).stdout.trim();
}

/** Types `npm start` and waits until the endpoint answers. */
async function npmStart(directory: string, data: string, env: NodeJS.ProcessEnv) {
  const began = performance.now();
  const args = ['start', '--', '--empty', '--port', '0', '--data', data];
  const child = spawn('npm', args, { cwd: directory, env, stdio: 'ignore', detached: true });
  await waitForEndpoint(child, data, START_MS);
  const seconds = (performance.now() - began) / 1000;
  return { pid: child.pid ?? 0, seconds, [Symbol.asyncDispose]: () => stopGroup(child) };
}
