import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import type { Binary } from '@volna/platform/binaries';

import {
  fillExample,
  type OwnProcess,
  ownProcesses,
  readCompose,
  readText,
  type Settings,
} from './compose-file.ts';
import { openServers } from './deployment-servers.ts';
import { type RunningEntry, runEntry } from './entry.ts';

const SERVERS = ['postgres:5432', 'nats:4222', 'nats:8222', 'redis:6379', 'minio:9000'];

export interface Programs {
  readonly nats: Binary;
  readonly redis: Binary;
  readonly ffmpeg: Binary;
}

export interface Deployment extends AsyncDisposable {
  readonly endpoint: string;
  /** Where clients are told to find streams and objects: by a name that no process is told to ask. */
  readonly streamUrl: string;
  readonly objectsUrl: string;
  readonly directory: string;
  readonly entries: readonly RunningEntry[];
}

/**
 * What docker-compose.yml describes, as processes of this machine with the variables that it gives them: ours
 * first, and the servers that they need once each of them waits for one.
 */
export async function openDeployment(programs: Programs): Promise<Deployment> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.adopt(await mkdtemp(join(tmpdir(), 'volna-deployment-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const ports = await choosePorts();
  const portOf = (place: string) => ports.get(place) ?? 0;
  const streamUrl = `http://localhost:${portOf('playback:4004')}`;
  const objectsUrl = `http://localhost:${portOf('minio:9000')}`;
  const settings = { ...fillExample(), STREAM_URL: streamUrl, S3_PUBLIC_ENDPOINT: objectsUrl };
  const compose = readCompose(settings);

  const own = ownProcesses(compose);
  const entries = own.map((described) => {
    const env = { ...environmentOf(described, ports), ...machineOf(programs, directory) };
    return opened.use(runEntry(described.name, described.entry, env));
  });
  const waiting = entries.filter(({ name }) => name !== 'gateway');
  await Promise.all(waiting.map((entry) => entry.until(/waiting for a backend/)));
  opened.use(await openServers({ compose, settings, ...programs, directory, portOf }));
  await Promise.all(entries.map((entry, at) => entry.untilReady(probeOf(own[at], ports))));

  const running = opened.move();
  return {
    endpoint: `http://127.0.0.1:${portOf('gateway:4000')}/graphql`,
    streamUrl,
    objectsUrl,
    directory,
    entries,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A free port for each place that the file knows as a service and its port. */
async function choosePorts(): Promise<Map<string, number>> {
  const own = ownProcesses(readCompose(fillExample())).map(placeOf);
  const held = await Promise.all(
    [...SERVERS, ...own].map(async (place) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no TCP port');
      return { place, server, port: address.port };
    }),
  );
  await Promise.all(held.map(({ server }) => once(server.close(), 'close')));
  return new Map(held.map(({ place, port }) => [place, port]));
}

function placeOf({ name, probe }: OwnProcess): string {
  return `${name}:${probe.port}`;
}

/** Where to ask for the health of a process that listens on a port of its own here. */
function probeOf(described: OwnProcess | undefined, ports: ReadonlyMap<string, number>): string {
  if (!described) throw new Error('no such process');
  const url = new URL(described.probe);
  url.port = `${ports.get(placeOf(described))}`;
  return url.href;
}

/** The variables of a container, with the addresses of this machine. */
function environmentOf(described: OwnProcess, ports: ReadonlyMap<string, number>): Settings {
  const { name, environment } = described;
  const portVariable = 'HEALTH_PORT' in environment ? 'HEALTH_PORT' : `${name.toUpperCase()}_PORT`;
  const given = { ...imageEnvironment(), ...environment };
  const told = Object.entries(given).map(([key, value]) => {
    let here = value.replaceAll('0.0.0.0', '127.0.0.1');
    for (const [place, port] of ports) here = here.replaceAll(place, `127.0.0.1:${port}`);
    return [key, here] as const;
  });
  return { ...Object.fromEntries(told), [portVariable]: `${ports.get(placeOf(described))}` };
}

/** What stands for the rest of a container: its programs, its volume, and a Qdrant where one is named. */
function machineOf({ ffmpeg }: Programs, directory: string): Settings {
  const { PATH = '', QDRANT_TEST_URL = '', QDRANT_TEST_API_KEY = '' } = process.env;
  return {
    PATH: [dirname(ffmpeg.path), PATH].join(delimiter),
    ...ffmpeg.env,
    MAIL_DIRECTORY: join(directory, 'mail'),
    QDRANT_URL: QDRANT_TEST_URL,
    QDRANT_API_KEY: QDRANT_TEST_API_KEY,
  };
}

/** What the image itself sets. */
function imageEnvironment(): Settings {
  const lines = readText('deploy/Dockerfile').matchAll(/^ENV (.*)$/gm);
  const pairs = [...lines].flatMap(([, line = '']) => line.split(' ').map((pair) => pair.split('=')));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]));
}
