import { join } from 'node:path';

import { findBinary, type FindBinaryOptions } from '@volna/platform/binaries';
import type { Bus } from '@volna/platform/bus';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { NatsBus } from '@volna/platform/bus-nats';
import { startNatsServer } from '@volna/platform/embedded/nats-server';
import { UnavailableError } from '@volna/platform/unavailable';

import { type BackendsOptions, hostOf } from './options.ts';

export interface Opened<Backend> extends AsyncDisposable {
  readonly open: Backend;
  readonly backend: string;
}

/** The named NATS, else a nats-server of our own, else the bus of one process. */
export async function openBus(
  { config, directory }: BackendsOptions,
  find: FindBinaryOptions,
): Promise<Opened<Bus>> {
  await using opened = new AsyncDisposableStack();
  if (config.NATS_URL) {
    const open = opened.use(await NatsBus.connect(config.NATS_URL));
    return { open, backend: `NATS at ${hostOf(config.NATS_URL)}`, ...keep(opened) };
  }
  try {
    const binary = await findBinary('nats-server', find);
    const server = opened.use(await startNatsServer({ binary, directory: join(directory, 'nats') }));
    const open = opened.use(await NatsBus.connect(server.url));
    return { open, backend: `nats-server, pid ${server.pid}`, ...keep(opened) };
  } catch (err) {
    if (!(err instanceof UnavailableError)) throw err;
    const open = opened.use(await EmbeddedBus.open({ directory: join(directory, 'bus') }));
    return { open, backend: `in process (${err.message})`, ...keep(opened) };
  }
}

/** Keeps what was opened until the caller disposes of it. */
export function keep(opened: AsyncDisposableStack): AsyncDisposable {
  const moved = opened.move();
  return { [Symbol.asyncDispose]: () => moved.disposeAsync() };
}
