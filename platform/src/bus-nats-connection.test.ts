import { setTimeout as pause } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { NatsBus } from './bus-nats.ts';
import { startServerProcess } from './embedded/server-process.ts';
import { openScratch } from './scratch.ts';
import { natsTwin, openMortalBroker } from './testing/bus-twins.ts';
import { binaryForTests } from './testing/servers.ts';

const LISTENING = /Listening for client connections on (127\.0\.0\.1:\d+)/;

/** A broker that lets in whoever knows the token; its address. */
async function openGuardedBroker(token: string) {
  const binary = await binaryForTests('nats-server');
  if (typeof binary === 'string') throw new Error(binary);
  const scratch = await openScratch();
  const directory = scratch.path('store');
  const args = ['-js', '-a', '127.0.0.1', '-p', '-1', '-sd', directory, '--auth', token];
  const server = await startServerProcess({ binary, args, directory, ready: /Server is ready/ });
  return {
    address: server.output.map((line) => LISTENING.exec(line)?.[1]).find(Boolean) ?? '',
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

const suite = natsTwin.missing === undefined ? describe : describe.skip;
suite(natsTwin.missing === undefined ? 'a connection to NATS' : `NATS (skipped: ${natsTwin.missing})`, () => {
  it('is let in with the token of its URL, and does not try again with a wrong one', async () => {
    await using broker = await openGuardedBroker('a token');
    await using bus = await NatsBus.connect(`nats://${encodeURIComponent('a token')}@${broker.address}`);
    expect(bus.isConnected()).toBe(true);
    await expect(NatsBus.connect(`nats://other@${broker.address}`)).rejects.toThrow(/authorization/i);
  });

  it('knows whether its broker is there', async () => {
    await using broker = await openMortalBroker();
    await using bus = await NatsBus.connect(broker.url);
    const until = async (isThere: boolean) => {
      while (bus.isConnected() !== isThere) await pause(10);
    };
    expect(bus.isConnected()).toBe(true);
    await broker.kill();
    await until(false);
    await broker.start();
    await until(true);
  });
});
