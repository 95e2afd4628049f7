import { resolve } from 'node:path';

import type { Binary } from '../binaries.ts';
import { type EmbeddedServer, startServerProcess } from './server-process.ts';

export interface EmbeddedServerOptions {
  readonly binary: Binary;
  readonly directory: string;
  /** A free one unless told. */
  readonly port?: number;
}

const LISTENING = /Listening for client connections on 127\.0\.0\.1:(\d+)/;

/** A NATS server with JetStream on loopback, whose streams are in the directory. */
export async function startNatsServer({
  binary,
  directory,
  port,
}: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const store = resolve(directory);
  const server = await startServerProcess({
    binary,
    // -1: the server takes any free port and says which
    args: ['-js', '-a', '127.0.0.1', '-p', String(port ?? -1), '-sd', store],
    directory: store,
    ready: /Server is ready/,
  });
  const taken = server.output.map((line) => LISTENING.exec(line)?.[1]).find(Boolean);
  if (!taken) throw new Error('nats-server does not say its port');
  return { ...server, url: `nats://127.0.0.1:${taken}`, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}
