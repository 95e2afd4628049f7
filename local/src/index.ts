import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { readMailConfig } from '@volna/notify/mail-config';
import { logToFile } from '@volna/platform/log';
import { readMeaningSettings } from '@volna/search/meaning-settings';
import { readOAuthSettings } from '@volna/users/oauth';

import { readBackendsConfig } from './backends/config.ts';
import { openBackends } from './backends/index.ts';
import { beginStep } from './bootstrap/step.mjs';
import { demoEntries } from './demo/library.ts';
import { renderDemoLibrary } from './demo/render.ts';
import { noteEndpoint } from './endpoint-file.ts';
import { refuseHalfRestored } from './half-restored.ts';
import { importRootsOf } from './import-roots.ts';
import { lockFolder } from './lock.ts';
import { choosePort } from './open-port.ts';
import { type LocalOptions, readOptions } from './options.ts';
import { openProgressBars } from './progress-bars.ts';
import { describeAddresses, describeStack } from './screen.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { openDemoLogin } from './seed/demo-login.ts';
import { seedLibrary } from './seed/seed-library.ts';
import { openSeedState } from './seed/seed-state.ts';
import { startStack } from './stack.ts';
import { readUsage } from './usage.ts';

/** How long everything may take to end after it is told to; then it is ended. */
const STOP_WITHIN_MS = 4500;

const out = process.stdout;
const tell = (what: string) => void out.write(`volna: ${what}\n`);

/** Ends when this process is told to stop, or when the one that started it is gone. */
const told = Promise.race([
  once(process, 'SIGINT'),
  once(process, 'SIGTERM'),
  once(process, 'SIGHUP'),
  ...(process.connected ? [once(process, 'disconnect')] : []),
]);
// a start that has only begun ends too: whatever it has started has a guard that ends it with this process
void told.then(() => setTimeout(() => process.exit(process.exitCode ?? 0), STOP_WITHIN_MS).unref());

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await runVolna(options);
  else out.write(readUsage(import.meta.url));
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
  if (process.env.VOLNA_DEBUG) process.stderr.write(`${err instanceof Error ? err.stack : ''}\n`);
}
if (process.connected) process.disconnect();

async function runVolna(options: LocalOptions): Promise<void> {
  await openFolder(options.data);
  await using running = new AsyncDisposableStack();
  running.use(await lockFolder(options.data));
  // after the lock: who starts the same twice is told so, not of the port
  const port = await choosePort(options.port);
  refuseHalfRestored(options.data);
  logToFile(join(options.data, 'volna.log'));
  const secrets = await openSecrets(options.data);
  const backends = running.use(
    await openBackends({
      config: readBackendsConfig(process.env),
      directory: options.data,
      objectsKey: secrets.objects,
      tell,
    }),
  );
  tell('starting the services');
  const stack = running.use(
    await startStack({
      backends,
      directory: options.data,
      grantsKey: secrets.grants,
      port,
      concurrency: availableParallelism(),
      oauth: readOAuthSettings(process.env),
      mail: readMailConfig(process.env),
      textEmbeddings: readMeaningSettings(process.env),
      importRoots: importRootsOf(process.env),
    }),
  );
  running.use(await noteEndpoint(options.data, stack.url));
  tell(`the endpoint is up: ${stack.url}/graphql`);
  const ready = showLibrary(options, secrets, backends, stack);
  await Promise.race([told, ready.then(() => told)]);
  tell('stopping; what is under way goes on with the next start');
}

async function openFolder(path: string): Promise<void> {
  try {
    // others may pass through, not look: as root the database server runs as another user
    await mkdir(join(path, 'mail'), { recursive: true, mode: 0o711 });
  } catch (err) {
    throw new Error(`${path} cannot be the data folder: ${(err as NodeJS.ErrnoException).code}`, {
      cause: err,
    });
  }
}

type Backends = Awaited<ReturnType<typeof openBackends>>;
type Stack = Awaited<ReturnType<typeof startStack>>;

/** Fills the library, where that is wanted, and shows what there is. */
async function showLibrary(
  options: LocalOptions,
  secrets: Secrets,
  backends: Backends,
  stack: Stack,
): Promise<void> {
  const { url, mail } = stack;
  const { taken } = backends;
  if (options.empty) {
    out.write(await describeStack({ url, taken, data: options.data, mail, login: null, state: null }));
    return;
  }
  const login = await openDemoLogin(`${url}/graphql`, secrets.demoPassword);
  const state = await openSeedState(options.data);
  if (!state.values.complete) {
    // the library takes minutes, and nobody has to wait for it
    out.write(
      describeAddresses(url, login)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await fillLibrary(options, backends, login.api, state);
  }
  out.write(await describeStack({ url, taken, data: options.data, mail, login, state }));
}

async function fillLibrary(
  options: LocalOptions,
  { ffmpeg }: Backends,
  api: Parameters<typeof seedLibrary>[0]['api'],
  state: Awaited<ReturnType<typeof openSeedState>>,
): Promise<void> {
  const files = await composeLibrary(join(options.data, 'demo'), ffmpeg);
  tell('uploading the demo library');
  using bars = openProgressBars(out, files.length);
  await seedLibrary({ api, files, state, tell: (name, step) => bars.step(name, step) });
}

async function composeLibrary(directory: string, ffmpeg: Backends['ffmpeg']) {
  let [done, total] = [0, demoEntries().length];
  const step = beginStep(out, 'composing the demo library', () => ({
    detail: `${done} of ${total} tracks`,
    change: done,
  }));
  try {
    const files = await renderDemoLibrary(directory, {
      ffmpegPath: ffmpeg.path,
      ffmpegEnv: ffmpeg.env,
      onProgress: (made) => void ([done, total] = [made.done, made.total]),
    });
    step.end();
    return files;
  } catch (err) {
    step.fail();
    throw err;
  }
}
