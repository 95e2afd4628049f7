// Runs a command of this repository on a fresh machine: installs what the lock file names, makes the generated
// code, and starts the entry file on the Node that is pinned in package.json. Plain JavaScript, because it runs on
// whatever Node there is, before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { takeLock } from './src/bootstrap/lock.mjs';
import { explainFailure, refuseNpm, runNpm } from './src/bootstrap/npm.mjs';
import { isWhole, watchPackages } from './src/bootstrap/packages.mjs';
import { forget, isCurrent, keep, STAMPS } from './src/bootstrap/stamps.mjs';
import { beginStep } from './src/bootstrap/step.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, 'node_modules', '.bin');
const NODE = join(BIN, 'node');
/** Beside node_modules, which npm empties. */
const LOCKS = join(ROOT, '.volna-install');
/** There from the beginning of an installation to its good end. */
const BEGUN = join(LOCKS, 'begun');
const OLDEST_NODE = 20;
/** What a shell says of a command that was interrupted. */
const INTERRUPTED = 130;

process.chdir(ROOT);
const [entry, ...args] = process.argv.slice(2);
const usage = join(ROOT, entry.replace(/\.\w+$/, '.usage.txt'));
if (args.some((arg) => arg === '--help' || arg === '-h') && existsSync(usage)) {
  process.stdout.write(readFileSync(usage));
} else {
  refuseOldNode();
  await prepare();
  run();
}

function refuseOldNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return;
  fail(
    `Volna needs Node ${OLDEST_NODE} or newer to install; this is ${process.versions.node}. See https://nodejs.org`,
  );
}

/** Sees to it that everything is installed and generated; other commands that want the same wait. */
async function prepare() {
  const lock = await openLock();
  if (!isInstalled()) await install(lock);
  if (!isGenerated()) await generate(lock);
  lock?.use();
  lock?.release();
}

async function openLock() {
  let waiting;
  try {
    const lock = await takeLock(LOCKS, (pid) => {
      waiting = beginStep(process.stderr, `another command is installing (process ${pid}), waiting`);
    });
    waiting?.end();
    return lock;
  } catch (err) {
    waiting?.fail();
    // who may not write here may still run what is there
    if (isInstalled() && isGenerated()) return null;
    return fail(`${ROOT} may not be written (${err.code}), and nothing is installed there yet`);
  }
}

function isInstalled() {
  return isCurrent('installed') && existsSync(NODE);
}

function isGenerated() {
  return isCurrent('generated');
}

async function install(lock) {
  // by `npm install`, as people are used to
  if (!existsSync(BEGUN) && existsSync(NODE) && isWhole()) return keep('installed');
  const user = lock.otherUser();
  if (user)
    fail(
      `other dependencies are wanted than are installed, and process ${user} uses those: end it, then run this again`,
    );
  const refused = refuseNpm(process.env);
  if (refused) fail(refused);
  // what is interrupted is begun anew, whatever was there before
  writeFileSync(BEGUN, '');
  forget('installed');
  forget('generated');
  await runStep(lock, {
    what: 'installing dependencies',
    argv: ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'],
    // its install script would fetch a GPU library; the one for the CPU is in the package
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    look: watchPackages(),
  });
  if (!existsSync(NODE)) fail('npm ci has left out the pinned Node: is `ignore-scripts` set in an .npmrc?');
  keep('installed');
  return rmSync(BEGUN);
}

async function generate(lock) {
  forget('generated');
  let now = '';
  await runStep(lock, {
    what: 'generating code from the schemas',
    argv: ['run', 'codegen'],
    env: environment(),
    look: () => ({ detail: now, change: now }),
    onOutput(text) {
      // npm says `> @volna/users@0.1.0 generate` before each script
      now = /^> (?:@volna\/)?([\w-]+)@\S+ generate$/m.exec(text)?.[1] ?? now;
    },
  });
  keep('generated');
}

async function runStep(lock, { what, argv, env, look, onOutput }) {
  const step = beginStep(process.stderr, what, look);
  const ran = await runNpm(argv, { env, onStart: lock.share, onOutput });
  if (ran.ok) return step.end();
  step.fail();
  if (ran.stoppedBy) fail(`${what} was interrupted; the next command begins it anew`, INTERRUPTED);
  process.stderr.write(ran.output);
  return fail(`${what} has failed: ${explainFailure(ran)}. Nothing was started; run the same command again.`);
}

/** Runs the entry file; whatever ends this process ends that one. */
function run() {
  const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', join(ROOT, entry), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // hundreds of our files are read at each start
    env: { NODE_COMPILE_CACHE: join(ROOT, STAMPS, 'compiled'), ...environment() },
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

function say(what) {
  process.stderr.write(`volna: ${what}\n`);
}

function fail(why, code = 1) {
  say(why);
  process.exit(code);
}
