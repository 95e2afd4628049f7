import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackPlayable, transcodeOrdered } from '@volna/events';
import { SearchDocument, StreamDocument } from '@volna/gateway/client';
import { withClient } from '@volna/platform/database';
import { startNatsServer } from '@volna/platform/embedded/nats-server';
import type { EmbeddedServer } from '@volna/platform/embedded/server-process';
import { binaryForTests } from '@volna/platform/testing/servers';

import { makeTune } from './testing/audio.ts';
import { freePort } from './testing/free-port.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';
import { complete, outcome, sendBytes } from './testing/uploads.ts';
import { processesOf, runEntry, type Running, untilEncoding } from './testing/volna-process.ts';

const [nats, ffmpeg] = await Promise.all([binaryForTests('nats-server'), binaryForTests('ffmpeg')]);
const missing = [nats, ffmpeg].find((binary) => typeof binary === 'string');
const suite = missing === undefined ? describe : describe.skip;
const LEASE_SECONDS = 3;

suite(`what is killed${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let directory: string;
  let broker: EmbeddedServer;
  let port: number;
  let volna: TestStack;
  let alice: Account;
  let artistId: string;
  let song: Buffer;
  let workers: Running[] = [];
  /** How often each track was stated to play in all its renditions. */
  const playable = new Map<string, number>();

  beforeAll(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'volna-faults-')));
    port = await freePort();
    await startBroker();
    const catalog = { leaseSeconds: LEASE_SECONDS, sweepEveryMs: 250 };
    volna = await openTestStack({ NATS_URL: broker.url }, { transcodes: false, catalog });
    await volna.backends.bus.consume(trackPlayable, 'test', async ({ trackId, isGrowing }) => {
      if (!isGrowing) playable.set(trackId, (playable.get(trackId) ?? 0) + 1);
    });
    alice = await signUp(volna.endpoint);
    artistId = await openArtist(alice, 'Storm Petrel');
    const tune = { name: 'song', format: 'flac', seconds: 6 } as const;
    song = await readFile(await makeTune(volna.backends.ffmpeg, directory, tune));
  }, 120_000);

  afterAll(async () => {
    for (const worker of workers) worker.child.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
    await volna[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  async function startBroker(): Promise<void> {
    if (typeof nats === 'string') throw new Error(nats);
    broker = await startNatsServer({ binary: nats, directory: join(directory, 'nats'), port });
  }

  /** Kills the broker as a power cut does, and waits until nothing of it is left. */
  async function killBroker(): Promise<void> {
    process.kill(broker.pid, 'SIGKILL');
    await broker[Symbol.asyncDispose]();
  }

  async function startWorker(): Promise<Running> {
    const env = { NATS_URL: broker.url, OBJECTS: join(volna.directory, 'objects'), TMPDIR: directory };
    const worker = runEntry('local/src/testing/transcode-process.ts', [], env);
    workers.push(worker);
    await until('the worker has started', async () => worker.output().includes('"started"'));
    return worker;
  }

  async function killWorkers(): Promise<void> {
    for (const { child } of workers) child.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
    workers = [];
  }

  async function send(name: string): Promise<string> {
    const as = { filename: `${name}.flac`, contentType: 'audio/flac' };
    const { trackId } = await complete(alice.api, { ...(await sendBytes(alice.api, as, song)), artistId });
    if (!trackId) throw new Error(`${name} became no track`);
    return trackId;
  }

  async function job(trackId: string) {
    const { rows } = await withClient(volna.backends.databaseUrl('catalog'), (client) =>
      client.query<{ id: string; state: string; attempt: number }>(
        "SELECT id, state, attempt FROM job WHERE track_id = $1 AND kind = 'transcode'",
        [trackId],
      ),
    );
    return rows[0];
  }

  const tries = async (trackId: string) => {
    const keys = await volna.backends.objects.list(`tracks/${trackId}/`);
    return new Set(keys.map((key) => key.split('/')[2]));
  };

  /** READY, stated once, in one folder, played and found. */
  async function expectWhole(trackId: string, title: string, attempt: number): Promise<void> {
    expect(await outcome(alice.api, trackId)).toEqual({ status: 'READY', code: null, title });
    const done = await job(trackId);
    expect(done).toMatchObject({ state: 'SUCCEEDED', attempt });
    await until('only one try is kept', async () => (await tries(trackId)).size === 1);
    expect(await tries(trackId)).toEqual(new Set([`${done?.id}-${attempt}`]));
    expect(playable.get(trackId)).toBe(1);
    const { track } = await alice.api.ask(StreamDocument, { id: trackId });
    expect((await fetch(track?.stream?.hlsUrl ?? '')).status).toBe(200);
    const { search } = await alice.api.ask(SearchDocument, { query: title });
    expect(search.tracks.edges.map(({ node }) => node?.id)).toContain(trackId);
  }

  it('hands the work of a killed worker to the next one, once', async () => {
    const worker = await startWorker();
    const trackId = await send('Gale');
    await untilEncoding(directory);
    worker.child.kill('SIGKILL');
    await worker.ended;
    expect(await job(trackId)).toMatchObject({ state: 'RUNNING', attempt: 1 });
    await until(
      'its ffmpeg has ended',
      async () => !(await processesOf(directory)).join().includes('ffmpeg'),
    );
    await startWorker();
    await expectWhole(trackId, 'Gale', 2);
    expect((await readdir(directory)).filter((name) => name.includes(`-${worker.pid}-`))).toEqual([]);
  }, 90_000);

  it('tries again when ffmpeg alone is killed, and the worker lives on', async () => {
    const [worker] = workers.slice(-1);
    const trackId = await send('Squall');
    process.kill(await untilEncoding(directory), 'SIGKILL');
    await expectWhole(trackId, 'Squall', 2);
    expect(worker?.child.exitCode).toBeNull();
  }, 90_000);

  it('fences off a worker that comes back after its lease', async () => {
    const [frozen] = workers.slice(-1);
    const trackId = await send('Doldrums');
    await untilEncoding(directory);
    frozen?.child.kill('SIGSTOP');
    await startWorker();
    await until('the job is with the other worker', async () => ((await job(trackId))?.attempt ?? 1) > 1);
    frozen?.child.kill('SIGCONT');
    await until('the late try has ended', async () =>
      /"attempt":1.*"msg":"(done|failed)"/.test(
        frozen?.output().split(`${(await job(trackId))?.id}`)[1] ?? '',
      ),
    );
    await expectWhole(trackId, 'Doldrums', 2);
  }, 90_000);

  it('gives up on its last try a job that kills every worker', async () => {
    await killWorkers();
    const worker = await startWorker();
    const trackId = await send('Maelstrom');
    await untilEncoding(directory);
    await withClient(volna.backends.databaseUrl('catalog'), (client) =>
      client.query('UPDATE job SET max_attempts = 1 WHERE track_id = $1', [trackId]),
    );
    worker.child.kill('SIGKILL');
    await worker.ended;
    expect(await outcome(alice.api, trackId)).toMatchObject({ status: 'FAILED', code: 'WORKER_LOST' });
    expect(await tries(trackId)).toEqual(new Set());
    await startWorker();
  }, 90_000);

  it('does a job once that is announced three times', async () => {
    const trackId = await send('Echo');
    const { rows } = await withClient(volna.backends.databaseUrl('catalog'), (client) =>
      client.query<{ payload: unknown }>(
        "SELECT payload FROM outbox WHERE subject = $1 AND payload->>'trackId' = $2",
        [transcodeOrdered.subject, trackId],
      ),
    );
    const order = transcodeOrdered.data.parse(rows[0]?.payload);
    for (const id of ['again-1', 'again-2']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await volna.backends.bus.publish(transcodeOrdered, order, { id });
    }
    await expectWhole(trackId, 'Echo', 1);
  }, 90_000);

  it('takes uploads while the broker is away, and loses nothing when it is back', async () => {
    const before = await send('Ebb');
    await untilEncoding(directory);
    await killBroker();
    const meanwhile = await send('Slack Water');
    await startBroker();
    const ends = await Promise.all([before, meanwhile].map((id) => outcome(alice.api, id)));
    expect(ends.map((end) => end?.status)).toEqual(['READY', 'READY']);
    for (const id of [before, meanwhile]) expect(playable.get(id)).toBe(1);
  }, 120_000);

  it('loses nothing when the broker comes back with empty hands', async () => {
    const heard = await send('Echo Again');
    await outcome(alice.api, heard);
    await killWorkers();
    const waiting = await send('Flood');
    await until('the job is announced', async () => (await unpublished()) === 0);
    await forgetTrack(heard);
    await killBroker();
    await rm(join(directory, 'nats'), { recursive: true });
    const meanwhile = await send('Spring Tide');
    await startBroker();
    await startWorker();
    await until('playback has heard of the track after all', async () => {
      const { track } = await alice.api.ask(StreamDocument, { id: heard });
      return Boolean(track?.stream);
    });
    for (const [id, title] of [
      [waiting, 'Flood'],
      [meanwhile, 'Spring Tide'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- two tracks
      await expectWhole(id, title, 1);
    }
  }, 120_000);

  /** Puts playback where it were if the broker had lost what it had to tell of a track. */
  async function forgetTrack(trackId: string): Promise<void> {
    const { rows } = await withClient(volna.backends.databaseUrl('catalog'), (client) =>
      client.query<{ id: string }>("SELECT id FROM outbox WHERE payload->>'trackId' = $1", [trackId]),
    );
    await withClient(volna.backends.databaseUrl('playback'), async (client) => {
      await client.query('DELETE FROM processed_message WHERE id = ANY($1)', [rows.map(({ id }) => id)]);
      await client.query('DELETE FROM playable_track WHERE id = $1', [trackId]);
    });
    expect((await alice.api.ask(StreamDocument, { id: trackId })).track?.stream).toBeNull();
  }

  async function unpublished(): Promise<number> {
    const { rows } = await withClient(volna.backends.databaseUrl('catalog'), (client) =>
      client.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL'),
    );
    return rows[0]?.count ?? 0;
  }
});
