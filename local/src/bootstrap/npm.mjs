import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';

/** The first that reads this lock file and the overrides in package.json. */
const OLDEST_NPM = [8, 3];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** How long npm may take to end after it is told to. */
const END_MS = 4000;

/** Why npm is of no use here; null where it is of use. */
export function refuseNpm(env) {
  const { command, args } = npm(env);
  const { stdout, error } = spawnSync(command, [...args, '--version'], {
    encoding: 'utf8',
    env,
    shell: WINDOWS,
  });
  const version = stdout?.trim();
  if (error || !version) return 'npm was not found: it comes with Node, see https://nodejs.org';
  const [major, minor] = version.split('.').map(Number);
  const isOld = major < OLDEST_NPM[0] || (major === OLDEST_NPM[0] && minor < OLDEST_NPM[1]);
  return isOld
    ? `Volna needs npm ${OLDEST_NPM.join('.')} or newer to install; this is ${version}: npm install -g npm@latest`
    : null;
}

/**
 * Runs npm to its end and gives what it has said, and what has ended it early. Whatever would end this process ends npm
 * first, so that nothing goes on writing behind its back.
 */
export async function runNpm(argv, { env, onStart, onOutput }) {
  const { command, args } = npm(env);
  // a process group of its own, so that its install scripts end with it
  const child = spawn(command, [...args, ...argv], {
    env,
    shell: WINDOWS,
    detached: !WINDOWS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid) onStart(child.pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      onOutput?.(text);
    });
  let stoppedBy = null;
  const stop = (signal) => {
    // who insists is obeyed at once
    killAll(child, stoppedBy ? 'SIGKILL' : signal);
    stoppedBy ??= signal;
    setTimeout(() => killAll(child, 'SIGKILL'), END_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const [code, killedBy] = await once(child, 'close').catch((err) => [err.message]);
  for (const signal of SIGNALS) process.off(signal, stop);
  return { ok: code === 0, output, stoppedBy, killedBy };
}

function killAll(child, signal) {
  try {
    if (WINDOWS) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // it has ended by itself
  }
}

/** What a failure of npm means to whoever has started Volna, by what npm has said. */
export function explainFailure({ output, killedBy }) {
  if (killedBy) return `npm was ended from outside (${killedBy}). Is there memory enough?`;
  const known = REASONS.find(([pattern]) => pattern.test(output));
  return known?.[1] ?? 'the lines above say why';
}

const REASONS = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/,
    'the package registry cannot be reached. Check the network, and `npm config get registry`',
  ],
  [/ENOSPC/, 'the disk is full: it takes about 2 GB'],
  [/EACCES|EPERM|EROFS/, 'a file may not be written. Is this folder, or ~/.npm, somebody else’s?'],
  [
    /EUSAGE|EJSONPARSE/,
    'package.json and package-lock.json do not belong together. `git status` says what has changed',
  ],
  [/EINTEGRITY/, 'a package has arrived damaged. `npm cache verify` removes it'],
];

/** The npm that runs this command, or that of PATH where another package manager does. */
function npm(env) {
  const path = env.npm_execpath;
  return path && basename(path) === 'npm-cli.js'
    ? { command: process.execPath, args: [path] }
    : { command: 'npm', args: [] };
}

const WINDOWS = process.platform === 'win32';
