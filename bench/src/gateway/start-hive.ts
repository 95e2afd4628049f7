import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { listen } from '@volna/platform/http';

import { endChild } from '../child.ts';

/** Half a gigabyte with all that it needs, so it is no dependency: it is installed when it is first measured. */
const MANIFEST = {
  private: true,
  dependencies: {
    '@graphql-hive/gateway': '2.15.1',
    '@graphql-hive/router-runtime': '1.4.23',
    graphql: '16.15.0',
  },
  overrides: { '@graphql-tools/delegate': '12.2.1', graphql: '16.15.0' },
};
const FOLDER = join(tmpdir(), `volna-bench-hive-${MANIFEST.dependencies['@graphql-hive/gateway']}`);
const PROGRAM = join(FOLDER, 'node_modules/.bin/hive-gateway');
const INSTALL_MS = 300_000;
const START_MS = 60_000;

/** Installs hive-gateway in the temporary folder, once; throws where npm cannot. */
export async function installHive(): Promise<void> {
  if (existsSync(PROGRAM)) return;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), JSON.stringify(MANIFEST));
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', args, { cwd: FOLDER, timeout: INSTALL_MS });
}

/** hive-gateway with its planner in Rust. */
export async function startHive(supergraphFile: string) {
  const port = await findPort();
  const options = ['--hive-router-runtime', '--fork', '1', '--host', '127.0.0.1', '--port', String(port)];
  const env = { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'error' };
  const args = [PROGRAM, 'supergraph', supergraphFile, ...options];
  const child = spawn(process.execPath, args, { cwd: FOLDER, env, stdio: 'ignore' });
  const said = `http://127.0.0.1:${port}/graphql`;
  await answers(said);
  return { pid: child.pid ?? 0, said, [Symbol.asyncDispose]: () => endChild(child) };
}

async function findPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, '127.0.0.1');
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  const isUp = async () => (await fetch(`${url}?query={__typename}`).catch(() => null)) !== null;
  while (!(await isUp())) {
    if (Date.now() > deadline) throw new Error('hive-gateway does not start');
    await setTimeout(200);
  }
}
