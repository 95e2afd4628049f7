import { join } from 'node:path';

import { type Binary, type BinaryName, findBinary } from '../binaries.ts';
import { startNatsServer } from '../embedded/nats-server.ts';
import { startRedisServer } from '../embedded/redis-server.ts';
import type { EmbeddedServer } from '../embedded/server-process.ts';
import { openScratch } from '../scratch.ts';
import { UnavailableError } from '../unavailable.ts';

/** Beside the packages' installation, so that a clone fetches them once. */
const CACHE = join(import.meta.dirname, '..', '..', '..', '.volna-test', 'packages');

/** A program for tests, or the reason why it cannot be had, for the title of what is skipped. */
export async function binaryForTests(name: BinaryName): Promise<Binary | string> {
  try {
    return await findBinary(name, { cacheDirectory: CACHE });
  } catch (err) {
    if (err instanceof UnavailableError) return err.message;
    throw err;
  }
}

/** A real NATS server of this test's own, gone with its data at the end of the scope. */
export function openNatsServer(binary: Binary): Promise<EmbeddedServer> {
  return openServer((directory) => startNatsServer({ binary, directory }));
}

/** A real Redis server of this test's own. */
export function openRedisServer(binary: Binary): Promise<EmbeddedServer> {
  return openServer((directory) => startRedisServer({ binary, directory }));
}

async function openServer(start: (directory: string) => Promise<EmbeddedServer>): Promise<EmbeddedServer> {
  const scratch = await openScratch();
  const server = await start(scratch.path('server'));
  return {
    url: server.url,
    pid: server.pid,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}
