import { setTimeout as pause } from 'node:timers/promises';

import { TrackProcessingDocument } from '@volna/gateway/client';
import { print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import type { DeployedSite } from '../open-site.ts';
import { msUntil, sendSong } from '../probe-site.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = 500;
const HERD = 1_000;
/** As many sockets as one address may have, with room to spare. */
const OF_ADDRESS = 80;
/** F25: so many are let in so soon. */
const LET_IN_MS = 10_000;
const WATCHING = 20;

interface Crowd extends Disposable {
  connected(): number;
}

/** Clients of several addresses of this machine that come again, whatever happens, after a random pause. */
function openCrowd(endpoint: string, size: number, authorization: string): Crowd & { clients: Client[] } {
  const connected = new Set<number>();
  const clients = Array.from({ length: size }, (_, nth) => {
    const localAddress = `127.0.0.${2 + Math.floor(nth / OF_ADDRESS)}`;
    class Socket extends WebSocket {
      constructor(url: string, protocols: string | string[]) {
        super(url, protocols, { localAddress });
      }
    }
    return createClient({
      url: endpoint.replace(/^http/, 'ws'),
      webSocketImpl: Socket,
      lazy: false,
      connectionParams: { authorization },
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: () => pause(200 + Math.random() * 1_500),
      onNonLazyError: () => undefined,
      // a socket that never got through is closed, too
      on: { connected: () => void connected.add(nth), closed: () => void connected.delete(nth) },
    });
  });
  return {
    clients,
    connected: () => connected.size,
    [Symbol.dispose]: () => clients.forEach((client) => void client.dispose()),
  };
}

/** Each of those who watch is told how it ends, however often it had to come again. */
function watchAll(clients: readonly Client[], trackId: string): Promise<unknown> {
  const watch = (client: Client) =>
    new Promise<void>((resolve, reject) => {
      client.subscribe<{ trackProcessing: { status: string } }>(
        { query: print(TrackProcessingDocument), variables: { trackId } },
        {
          next: ({ data }) => {
            if (data && data.trackProcessing.status !== 'PROCESSING') resolve();
          },
          error: reject,
          complete: resolve,
        },
      );
    });
  return Promise.all(clients.map(watch));
}

/** The gateway goes, with all who are connected to it. */
export const f23: Scenario = {
  id: 'F23',
  fault: `the gateway is killed with ${CLIENTS} clients on WebSockets`,
  async run({ site: open, programs: { ffmpeg } }) {
    const site = await open();
    const authorization = `Bearer ${site.owner.accessToken}`;
    using crowd = openCrowd(site.endpoint, CLIENTS, authorization);
    await msUntil('all are connected', async () => crowd.connected() === CLIENTS);
    const { trackId } = await sendSong(site, ffmpeg, 'Seen by many');
    const seen = watchAll(crowd.clients.slice(0, WATCHING), trackId);
    await restartGateway(site, () => crowd.connected() === 0);
    const recoveryMs = await msUntil('all are connected again', async () => crowd.connected() === CLIENTS);
    const blind = await Promise.race([seen.then(() => false), pause(60_000, true)]);
    return {
      happened: `${CLIENTS} came again by themselves; ${WATCHING} watched a track ${blind ? 'in vain' : 'to its end'}`,
      recoveryMs,
      problems: blind ? ['a client never saw the last state'] : [],
    };
  },
};

/** All who ever were connected come at once. */
export const f25: Scenario = {
  id: 'F25',
  fault: `${HERD} clients connect at once to a gateway that has just started`,
  async run({ site: open }) {
    const site = await open();
    await restartGateway(site, () => true);
    const begun = Date.now();
    using crowd = openCrowd(site.endpoint, HERD, `Bearer ${site.owner.accessToken}`);
    await msUntil('all are connected', async () => crowd.connected() === HERD);
    const ms = Date.now() - begun;
    const problems = ms > LET_IN_MS ? [`the last was let in after ${ms} ms`] : [];
    if (!site.volna.entry('gateway').isRunning()) problems.push('the gateway has ended');
    return { happened: `all were let in within ${ms} ms`, recoveryMs: ms, problems };
  },
};

async function restartGateway({ volna }: DeployedSite, isAway: () => boolean): Promise<void> {
  await volna.entry('gateway').kill();
  await msUntil('all are cut off', async () => isAway());
  await volna.start('gateway');
}
