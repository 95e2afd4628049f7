import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Binary } from '@volna/platform/binaries';
import { startNatsServer } from '@volna/platform/embedded/nats-server';
import { startPostgres } from '@volna/platform/embedded/postgres';
import { openS3Server } from '@volna/platform/testing/s3-server';

import type { Site } from '../chaos/site.ts';
import type { StackOptions } from '../stack.ts';
import { type RunningEntry, runEntry } from './entry.ts';
import { freePort } from './free-port.ts';
import { openArtist, signUp } from './listener.ts';
import { type Mortal, openMortal } from './mortal.ts';
import { openTestStack, type TestStack } from './test-stack.ts';

export interface StormSite extends Site, AsyncDisposable {
  readonly directory: string;
  /** Where workers put what they need for a while. */
  readonly scratch: string;
  readonly stack: TestStack;
  readonly broker: Mortal;
  readonly database: Mortal;
  startWorker(name: 'transcode' | 'analyze', env?: Record<string, string>): Promise<RunningEntry>;
}

const LOGIN = { S3_BUCKET: 'volna', S3_ACCESS_KEY_ID: 'test', S3_SECRET_ACCESS_KEY: 'test-secret' };

/** Gateway and subgraphs in this process; a broker, a database and workers that may be killed. */
export async function openStormSite(
  programs: { readonly nats: Binary; readonly ffmpeg: Binary },
  settings: Partial<StackOptions> = {},
): Promise<StormSite> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.adopt(await mkdtemp(join(tmpdir(), 'volna-storm-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  await chmod(directory, 0o711);
  const scratch = join(directory, 'tmp');
  await mkdir(scratch);
  const [natsPort, postgresPort] = [await freePort(), await freePort()];
  const broker = opened.use(
    await openMortal(() =>
      startNatsServer({ binary: programs.nats, directory: join(directory, 'nats'), port: natsPort }),
    ),
  );
  let postgresUrl = '';
  const database = opened.use(
    await openMortal(async () => {
      // what it has committed outlives it, as outside of tests
      const place = { directory: join(directory, 'postgres'), port: postgresPort };
      const running = await startPostgres(place);
      postgresUrl = running.url('postgres');
      return running;
    }),
  );
  const s3 = opened.use(await openS3Server());
  const urls = { NATS_URL: `nats://127.0.0.1:${natsPort}`, S3_ENDPOINT: s3.endpoint, ...LOGIN };
  const stack = opened.use(
    await openTestStack(
      { ...urls, POSTGRES_URL: postgresUrl },
      { transcodes: false, analyzes: false, ...settings },
    ),
  );
  const owner = await signUp(stack.endpoint);
  const artistId = await openArtist(owner, 'Storm Petrel');
  const running = opened.move();
  return {
    endpoint: stack.endpoint,
    owner,
    artistId,
    objects: stack.backends.objects,
    databaseUrl: stack.backends.databaseUrl,
    directory,
    scratch,
    stack,
    broker,
    database,
    async startWorker(name, env = {}) {
      const { PATH = '' } = process.env;
      const given = {
        ...urls,
        S3_REGION: 'us-east-1',
        PATH: [dirname(programs.ffmpeg.path), PATH].join(':'),
        ...programs.ffmpeg.env,
        TMPDIR: scratch,
        ...env,
      };
      for (;;) {
        const worker = running.use(runEntry(name, `workers/${name}/src/index.ts`, given));
        try {
          await worker.until(/"started"/);
          return worker;
        } catch (err) {
          // it came while the broker was away
          if (worker.isRunning()) throw err;
        }
      }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
