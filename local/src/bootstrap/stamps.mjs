import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// What was installed and generated, by hashes of what that was made from, in files that `npm ci` takes away.

export const STAMPS = join('node_modules', '.volna');
const SERVICES = ['users', 'catalog', 'albums', 'playback', 'search', 'analytics'];
/** What of a package.json npm goes by; a change of anything else is no reason to install anew. */
const FIELDS = [
  'workspaces',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'allowScripts',
];

export function isCurrent(name) {
  const file = join(STAMPS, name);
  return existsSync(file) && readFileSync(file, 'utf8') === stampOf(name);
}

export function keep(name) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, name), stampOf(name));
}

export function forget(name) {
  rmSync(join(STAMPS, name), { force: true });
}

function stampOf(name) {
  return name === 'installed' ? installedStamp() : generatedStamp();
}

function installedStamp() {
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const folder of workspaces()) {
    const described = readJson(join(folder, 'package.json'));
    hash.update(JSON.stringify([folder, ...FIELDS.map((field) => described[field] ?? null)]));
  }
  return hash.digest('hex');
}

function generatedStamp() {
  return hashOf([
    'package-lock.json',
    'codegen.ts',
    'supergraph.yaml',
    ...filesUnder('gateway/operations', /graphql$/),
    ...filesUnder('gateway/src', /\.graphql$|\bide\b|compose/),
    ...SERVICES.map((name) => `subgraphs/${name}/schema.graphql`),
    ...SERVICES.map((name) => `subgraphs/${name}/prisma/schema.prisma`),
  ]);
}

function workspaces() {
  const { workspaces: patterns } = readJson('package.json');
  const folders = patterns.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(pattern.slice(0, -2)).map((name) => join(pattern.slice(0, -2), name))
      : [pattern],
  );
  return ['.', ...folders.filter((folder) => existsSync(join(folder, 'package.json')))];
}

function filesUnder(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath ?? found.path, found.name))
    .filter((path) => pattern.test(path) && !path.includes('generated'))
    .toSorted();
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) if (existsSync(path)) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
