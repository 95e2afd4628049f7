// Runs a command of this repository on a fresh machine: installs what the lock file names, makes the generated
// code, and starts the entry file on the Node that is pinned in package.json. Plain JavaScript, because it runs on
// whatever Node there is, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, 'node_modules', '.bin');
const NODE = join(BIN, 'node');
const STAMPS = join(ROOT, 'node_modules', '.volna');
const OLDEST_NODE = 20;
const SERVICES = ['users', 'catalog', 'albums', 'playback', 'search', 'analytics'];

process.chdir(ROOT);
refuseOldNode();
install();
generate();
run(process.argv.slice(2));

function refuseOldNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return;
  fail(
    `Volna needs Node ${OLDEST_NODE} or newer to install; this is ${process.versions.node}. See https://nodejs.org`,
  );
}

function install() {
  const stamp = hashOf(['package-lock.json', ...workspaces().map((path) => join(path, 'package.json'))]);
  if (isCurrent('installed', stamp) && existsSync(NODE)) return;
  step('installing dependencies');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  const installed = spawnSync(command, [...args, 'ci', ...flags], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // its install script would fetch a GPU library; the one for the CPU is in the package
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (installed.status !== 0) fail('npm ci failed: the lines above say why. Nothing was started.');
  keep('installed', stamp);
}

function generate() {
  const stamp = hashOf([
    'package-lock.json',
    'codegen.ts',
    'supergraph.yaml',
    ...filesUnder('gateway/operations', /graphql$/),
    ...filesUnder('gateway/src', /\.graphql$|pages|compose/),
    ...SERVICES.map((name) => `subgraphs/${name}/schema.graphql`),
    ...SERVICES.map((name) => `subgraphs/${name}/prisma/schema.prisma`),
  ]);
  if (isCurrent('generated', stamp)) return;
  step('generating code from the schemas');
  const generated = spawnSync('npm', ['run', 'codegen', '--silent'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: environment(),
    shell: process.platform === 'win32',
  });
  if (generated.status !== 0) {
    process.stderr.write(generated.stdout + generated.stderr);
    fail('the generated code could not be made: the lines above say why.');
  }
  keep('generated', stamp);
}

/** Runs the entry file; whatever ends this process ends that one. */
function run([entry, ...args]) {
  const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', join(ROOT, entry), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: environment(),
  });
  // Ctrl-C reaches the child by itself; what is sent to this process alone must be passed on
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1);
    if (child.connected) child.disconnect();
  });
}

function environment() {
  const path = `${BIN}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
  // two arenas: with one a thread, glibc keeps hundreds of megabytes that the models' threads have freed
  return { MALLOC_ARENA_MAX: '2', ...process.env, PATH: path, APOLLO_TELEMETRY_DISABLED: 'true' };
}

function workspaces() {
  const { workspaces: patterns } = JSON.parse(readFileSync('package.json', 'utf8'));
  const folders = patterns.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(pattern.slice(0, -2)).map((name) => join(pattern.slice(0, -2), name))
      : [pattern],
  );
  return ['.', ...folders.filter((folder) => existsSync(join(folder, 'package.json')))];
}

function filesUnder(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => pattern.test(path) && !path.includes('generated'))
    .toSorted();
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) if (existsSync(path)) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

function isCurrent(name, stamp) {
  const file = join(STAMPS, name);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

function keep(name, stamp) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, name), stamp);
}

function step(what) {
  process.stderr.write(`volna: ${what} …\n`);
}

function fail(why) {
  process.stderr.write(`volna: ${why}\n`);
  process.exit(1);
}
