import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { until } from './until.ts';
import type { Running } from './volna-process.ts';

const LOCAL = join(import.meta.dirname, '../..');
const PACKAGE = {
  name: 'small',
  version: '1.0.0',
  private: true,
  workspaces: [],
  dependencies: { node: 'file:packages/node' },
  scripts: { postinstall: 'node packages/install.mjs', codegen: 'node packages/note.mjs generated' },
};
const LOCK = {
  name: 'small',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'small', version: '1.0.0', dependencies: PACKAGE.dependencies },
    'node_modules/node': { resolved: 'packages/node', link: true },
    'packages/node': { name: 'node', version: '1.0.0', bin: { node: 'node.sh' } },
  },
};
/** Takes until the file `go` is there, and says so. */
const INSTALL = `
import { existsSync, writeFileSync } from 'node:fs';
import './note.mjs';
writeFileSync('node_modules/half', '');
const timer = setInterval(() => {
  if (!existsSync('go')) return;
  clearInterval(timer);
  import('./note.mjs?ended');
}, 20);
`;
const NOTE = `
import { appendFileSync } from 'node:fs';
const what = import.meta.url.split('?')[1] ?? process.argv[2] ?? 'installing';
appendFileSync('log', what + '\\n');
`;
const ENTRY = `
import { existsSync } from 'node:fs';
import './packages/note.mjs?ran';
const timer = setInterval(() => {
  if (existsSync('stay')) return;
  clearInterval(timer);
  process.disconnect();
}, 20);
process.once('disconnect', () => clearInterval(timer));
`;

export interface FreshClone extends AsyncDisposable {
  readonly folder: string;
  /** Runs the entry file through the bootstrap. */
  run(env?: NodeJS.ProcessEnv, args?: readonly string[]): Running;
  write(path: string, text: string): Promise<void>;
  /** What has happened, in order: installing, ended, generated, ran. */
  log(): Promise<string[]>;
  untilLogged(what: string): Promise<void>;
}

/** A repository like this one whose only dependency lies in it, and whose installation takes until it is told to end. */
export async function makeFreshClone(): Promise<FreshClone> {
  const folder = await mkdtemp(join(tmpdir(), 'volna fresh '));
  const begun: Running[] = [];
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const log = async () =>
    existsSync(join(folder, 'log')) ? (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n') : [];
  await cp(join(LOCAL, 'bootstrap.mjs'), join(folder, 'local/bootstrap.mjs'));
  await cp(join(LOCAL, 'src/bootstrap'), join(folder, 'local/src/bootstrap'), { recursive: true });
  await write('package.json', JSON.stringify(PACKAGE));
  await write('package-lock.json', JSON.stringify(LOCK));
  await write('packages/node/package.json', JSON.stringify(LOCK.packages['packages/node']));
  await write('packages/node/node.sh', `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  await chmod(join(folder, 'packages/node/node.sh'), 0o755);
  await write('packages/install.mjs', INSTALL);
  await write('packages/note.mjs', NOTE);
  await write('entry.mjs', ENTRY);
  await Promise.all(['operations', 'src'].map((name) => write(`gateway/${name}/none`, '')));
  return {
    folder,
    write,
    log,
    run(env = {}, args = []) {
      const running = runIn(folder, env, args);
      begun.push(running);
      return running;
    },
    untilLogged: (what) => until(what, async () => (await log()).includes(what)),
    async [Symbol.asyncDispose]() {
      for (const { child } of begun) child.kill('SIGTERM');
      await Promise.all(begun.map(({ ended }) => ended));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function runIn(folder: string, env: NodeJS.ProcessEnv, args: readonly string[]): Running {
  const child = spawn(process.execPath, ['local/bootstrap.mjs', 'entry.mjs', ...args], {
    cwd: folder,
    // a process group of its own, as in a terminal
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, pid: child.pid ?? 0, output: () => output, ended };
}
