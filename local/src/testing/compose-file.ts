import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '../../..');
const PLACEHOLDER = 'change-me';
/** `${NAME}`, `${NAME:-else}` or `${NAME:?why not}` */
const VARIABLE = /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g;

export type Settings = Readonly<Record<string, string>>;

export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** A process of ours, as the file runs it in a container. */
export interface OwnProcess {
  readonly name: string;
  /** Below the root of the repository. */
  readonly entry: string;
  readonly environment: Settings;
  /** Where the container asks for its health. */
  readonly probe: URL;
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The settings of `.env.example`, as they are there. */
export function readExample(): Settings {
  const lines = readText('.env.example').matchAll(/^(\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}

/** The same with a secret in each place that wants one. */
export function fillExample(): Settings {
  const pairs = Object.entries(readExample());
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, value === PLACEHOLDER ? randomBytes(32).toString('hex') : value]),
  );
}

/** Names of the settings that a text asks for. */
export function settingsIn(text: string): Set<string> {
  return new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name));
}

/** docker-compose.yml with its anchors and these settings put in, as Compose does it. */
export function readCompose(settings: Settings): ComposeFile {
  const parsed: unknown = parse(readText('docker-compose.yml'), { merge: true });
  return putIn(parsed, settings) as ComposeFile;
}

function putIn(value: unknown, settings: Settings): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(VARIABLE, (_, name: string, otherwise = '') => settings[name] || otherwise);
  }
  if (Array.isArray(value)) return value.map((item) => putIn(item, settings));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, putIn(item, settings)]));
}

/** The services of our own image. */
export function ownProcesses({ services }: ComposeFile): OwnProcess[] {
  const own = Object.entries(services).filter(([, { image }]) => image === 'volna');
  return own.map(([name, { command, environment = {}, healthcheck }]) => ({
    name,
    entry: command?.[1] ?? '',
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
    probe: new URL(healthcheck?.test.at(-1) ?? ''),
  }));
}
