import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { ensureDebianPackages } from '@volna/platform/debian-packages';
import { listen } from '@volna/platform/http';

import { endChild } from '../child.ts';

const INSTALLED = '/usr/sbin/nginx';
const START_MS = 10_000;

/** One process that serves a folder as nginx does at its best: from the kernel, over connections that stay open. */
export async function startNginx(directory: string, root: string, tell: (what: string) => void) {
  const { path, env } = await findNginx(tell);
  const port = await findPort();
  const place = join(directory, 'nginx');
  await mkdir(join(place, 'logs'), { recursive: true });
  await writeFile(join(place, 'nginx.conf'), configOf(place, root, port));
  const args = ['-p', place, '-c', join(place, 'nginx.conf'), '-e', join(place, 'error.log')];
  const child = spawn(path, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url);
  return { pid: child.pid ?? 0, url, [Symbol.asyncDispose]: () => endChild(child) };
}

/** The installed one, else that of Debian's package, unpacked where the other programs are. */
async function findNginx(tell: (what: string) => void) {
  const isInstalled = await access(INSTALLED).then(
    () => true,
    () => false,
  );
  if (isInstalled) return { path: INSTALLED, env: {} };
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'volna');
  const { binDirectories, libraryPath } = await ensureDebianPackages(['nginx'], cache, tell);
  const folder = binDirectories.find((path) => path.endsWith('usr/sbin')) ?? '';
  return { path: join(folder, 'nginx'), env: libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {} };
}

/** nginx cannot say which port it took. */
async function findPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, '127.0.0.1');
  server.close();
  await once(server, 'close');
  return port;
}

async function untilAnswering(url: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await fetch(url).catch(() => null))) {
    if (Date.now() > deadline) throw new Error('nginx does not start');
    await setTimeout(50);
  }
}

function configOf(place: string, root: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${place}/${name};`)
    .join('\n  ');
  return `daemon off;
master_process off;
pid ${place}/nginx.pid;
events { worker_connections 1024; }
http {
  ${temporary}
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  types { video/mp2t ts; }
  server { listen 127.0.0.1:${port}; root ${root}; add_header Cache-Control "private, max-age=31536000, immutable"; }
}
`;
}
