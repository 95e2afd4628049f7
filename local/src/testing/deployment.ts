import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
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
import { openServers, type Servers } from './deployment-servers.ts';
import { type RunningEntry, runEntry } from './entry.ts';
import { openToxic, type Toxic } from './toxic.ts';

const SERVERS = ['postgres:5432', 'nats:4222', 'nats:8222', 'redis:6379', 'minio:9000'];

/** How often a process is started that ends before it is ready. */
const STARTS = 10;

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
  readonly servers: Servers;
  readonly settings: Settings;
  /** The process of ours that runs under this name. */
  entry(name: string): RunningEntry;
  /** Starts a process of ours anew, when it has ended, and resolves when it is ready; with further variables where told. */
  start(name: string, env?: Settings): Promise<RunningEntry>;
  /** Where a process of ours listens. */
  urlOf(name: string): string;
  /** The line to a server that was asked for. */
  line(place: string): Toxic;
}

export interface DeploymentOptions {
  /** Over those of `.env.example`. */
  readonly settings?: Settings;
  /** Over those of each process. */
  readonly env?: Settings;
  /** Servers that our processes reach over a line that may be poisoned: `postgres:5432`. */
  readonly lines?: readonly string[];
  /** Postgres keeps what it has committed when it is killed, as outside of tests. */
  readonly isDurable?: boolean;
  /** Our processes find their servers there. */
  readonly serversFirst?: boolean;
}

/**
 * What docker-compose.yml describes, as processes of this machine with the variables that it gives them: ours
 * first, and the servers that they need once each of them waits for one.
 */
export async function openDeployment(
  programs: Programs,
  options: DeploymentOptions = {},
): Promise<Deployment> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.adopt(await mkdtemp(join(tmpdir(), 'volna-deployment-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  await mkdir(scratchOf(directory));
  const listening = await choosePorts();
  const lines = await openLines(opened, listening, options.lines);
  const ports = new Map([...listening].map(([place, port]) => [place, lines.get(place)?.port ?? port]));
  const portOf = (place: string) => ports.get(place) ?? 0;
  const streamUrl = `http://localhost:${portOf('playback:4004')}`;
  const objectsUrl = `http://localhost:${portOf('minio:9000')}`;
  const places = { STREAM_URL: streamUrl, S3_PUBLIC_ENDPOINT: objectsUrl };
  const settings = { ...fillExample(), ...options.settings, ...places };
  const compose = readCompose(settings);

  const own = new Map(ownProcesses(compose).map((described) => [described.name, described]));
  const entries = new Map<string, RunningEntry>();
  const run = (described: OwnProcess, env: Settings = {}) => {
    const given = { ...environmentOf(described, ports), ...machineOf(programs, directory) };
    const entry = runEntry(described.name, described.entry, { ...given, ...options.env, ...env });
    entries.set(described.name, entry);
    return entry;
  };
  const { isDurable = false } = options;
  const listensAt = (place: string) => listening.get(place) ?? 0;
  const startServers = async () =>
    opened.use(
      await openServers({ compose, settings, ...programs, directory, isDurable, portOf: listensAt }),
    );
  const early = options.serversFirst ? await startServers() : null;
  const all = [...own.values()].map((described) => opened.use(run(described)));
  if (!early) {
    const waiting = all.filter(({ name }) => name !== 'gateway');
    await Promise.all(waiting.map((entry) => entry.until(/waiting for a backend/)));
  }
  const servers = early ?? (await startServers());
  const untilReady = (entry: RunningEntry) => entry.untilReady(probeOf(own.get(entry.name), ports));
  await Promise.all(all.map(untilReady));

  const running = opened.move();
  return {
    endpoint: `http://127.0.0.1:${portOf('gateway:4000')}/graphql`,
    streamUrl,
    objectsUrl,
    directory,
    settings,
    servers,
    get entries() {
      return [...entries.values()];
    },
    entry: (name) => found(entries.get(name), name),
    async start(name, env) {
      for (let tries = 1; ; tries++) {
        const entry = running.use(run(found(own.get(name), name), env));
        try {
          await untilReady(entry);
          return entry;
        } catch (err) {
          // as containers do: whoever finds no backend at the start ends and is started anew
          if (entry.isRunning() || tries === STARTS) throw err;
        }
      }
    },
    urlOf: (name) => new URL(probeOf(own.get(name), ports)).origin,
    line: (place) => found(lines.get(place), place),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function found<Item>(item: Item | undefined, name: string): Item {
  if (item === undefined) throw new Error(`there is no ${name} here`);
  return item;
}

/** Lines to servers, before the servers. */
async function openLines(
  opened: AsyncDisposableStack,
  listening: ReadonlyMap<string, number>,
  places: readonly string[] = [],
): Promise<Map<string, Toxic>> {
  const lines = new Map<string, Toxic>();
  for (const place of places) lines.set(place, opened.use(await openToxic(listening.get(place) ?? 0)));
  return lines;
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
    TMPDIR: scratchOf(directory),
    QDRANT_URL: QDRANT_TEST_URL,
    QDRANT_API_KEY: QDRANT_TEST_API_KEY,
  };
}

/** Where all processes of a deployment put what they need for a while. */
export function scratchOf(directory: string): string {
  return join(directory, 'tmp');
}

/** What the image itself sets. */
function imageEnvironment(): Settings {
  const lines = readText('deploy/Dockerfile').matchAll(/^ENV (.*)$/gm);
  const pairs = [...lines].flatMap(([, line = '']) => line.split(' ').map((pair) => pair.split('=')));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]));
}
