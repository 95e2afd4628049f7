import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

import type { EmbeddedServerOptions } from './nats-server.ts';
import { type EmbeddedServer, startServerProcess } from './server-process.ts';

const TRIES = 5;
const IN_MEMORY = ['--save', '', '--appendonly', 'no', '--daemonize', 'no'];

/** A Redis server on loopback that keeps nothing on disk. */
export async function startRedisServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  return options.port === undefined ? startAnywhere(options, TRIES) : startAt(options, options.port);
}

/** Redis cannot choose a port: ours may be taken between our look and its start, so it is tried again. */
async function startAnywhere(options: EmbeddedServerOptions, tries: number): Promise<EmbeddedServer> {
  try {
    return await startAt(options, await freePort());
  } catch (err) {
    if (tries <= 1 || !/in use/i.test(String(err))) throw err;
    return startAnywhere(options, tries - 1);
  }
}

async function startAt({ binary, directory }: EmbeddedServerOptions, port: number): Promise<EmbeddedServer> {
  const at = ['--bind', '127.0.0.1', '--port', String(port), '--dir', resolve(directory)];
  const server = await startServerProcess({
    binary,
    args: [...at, ...IN_MEMORY],
    directory: resolve(directory),
    ready: /Ready to accept connections/,
  });
  return { ...server, url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}
