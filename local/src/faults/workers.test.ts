import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@volna/platform/database';
import { binaryForTests } from '@volna/platform/testing/servers';

import { makeTune } from '../testing/audio.ts';
import type { RunningEntry } from '../testing/entry.ts';
import { findFaketime } from '../testing/faketime.ts';
import { mayMount } from '../testing/may-mount.ts';
import { openStormSite, type StormSite } from '../testing/storm-site.ts';
import { until } from '../testing/until.ts';
import { complete, outcome, sendBytes } from '../testing/uploads.ts';

const run = promisify(execFile);
const [nats, ffmpeg] = await Promise.all([binaryForTests('nats-server'), binaryForTests('ffmpeg')]);
const missing = [nats, ffmpeg].find((binary) => typeof binary === 'string');
const suite = missing === undefined ? describe : describe.skip;
const faketime = findFaketime();
const noMount = await mayMount();

suite(`faults of workers${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let site: StormSite;
  let song: Buffer;
  let worker: RunningEntry | null = null;

  beforeAll(async () => {
    if (typeof nats === 'string' || typeof ffmpeg === 'string') return;
    const catalog = { leaseSeconds: 3, sweepEveryMs: 250 };
    site = await openStormSite({ nats, ffmpeg }, { catalog, analyzes: true });
    song = await readFile(await makeTune(ffmpeg, site.directory, { name: 'song', format: 'flac' }));
  }, 120_000);

  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
  });

  async function startWorker(env: Record<string, string> = {}): Promise<RunningEntry> {
    await worker?.kill();
    worker = await site.startWorker('transcode', env);
    return worker;
  }

  async function send(name: string): Promise<string> {
    const { api } = site.owner;
    const as = { filename: `${name}.flac`, contentType: 'audio/flac' };
    const sent = await sendBytes(api, as, song);
    const { trackId } = await complete(api, { ...sent, artistId: site.artistId });
    if (!trackId) throw new Error(`${name} became no track`);
    return trackId;
  }

  async function job(trackId: string) {
    const { rows } = await withClient(site.databaseUrl('catalog'), (client) =>
      client.query<{ id: string; state: string; attempt: number; error_code: string | null }>(
        "SELECT id, state, attempt, error_code FROM job WHERE track_id = $1 AND kind = 'transcode'",
        [trackId],
      ),
    );
    return rows[0];
  }

  const folders = async (trackId: string) => {
    const keys = await site.objects.list(`tracks/${trackId}/`);
    return [...new Set(keys.map((key) => key.split('/')[2]))];
  };
  const stored = async (trackId: string) =>
    (await site.objects.list(`tracks/${trackId}/`)).some((key) => key.endsWith('/master.m3u8'));

  it('F2: has a worker that dies between storing and saying so done its work once', async () => {
    const first = await startWorker();
    const trackId = await send('Undertow');
    await until('the try is claimed', async () => (await job(trackId))?.state === 'RUNNING');
    // from here on the worker can store what it makes, and tell nobody
    process.kill(site.broker.pid, 'SIGSTOP');
    try {
      await until('all is stored', () => stored(trackId));
      await first.kill();
    } finally {
      process.kill(site.broker.pid, 'SIGCONT');
    }
    await startWorker();
    expect(await outcome(site.owner.api, trackId)).toMatchObject({ status: 'READY' });
    const done = await job(trackId);
    expect(done).toMatchObject({ state: 'SUCCEEDED', attempt: 2 });
    await until('one try is left', async () => (await folders(trackId)).length === 1);
    expect(await folders(trackId)).toEqual([`${done?.id}-2`]);
  }, 120_000);

  const onSmallDisk = noMount === null ? describe : describe.skip;
  onSmallDisk(`on a small disk${noMount ? ` (skipped: ${noMount})` : ''}`, () => {
    it('F28: fails a job that finds no room, and does the next one', async () => {
      const disk = join(site.directory, 'small');
      await mkdir(disk);
      await run('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk]);
      try {
        const full = await startWorker({ TMPDIR: disk });
        const trackId = await send('Narrows');
        await until('the first try has failed', async () => ((await job(trackId))?.attempt ?? 1) > 1);
        expect((await job(trackId))?.error_code).toBe('WORKER_ERROR');
        expect((await readdir(disk)).filter((name) => name.startsWith('volna-'))).toEqual([]);
        await run('mount', ['-o', 'remount,size=64m', disk]);
        expect(await outcome(site.owner.api, trackId)).toMatchObject({ status: 'READY' });
        expect(full.isRunning()).toBe(true);
        await full.stop();
      } finally {
        await run('umount', ['-l', disk]);
      }
    }, 120_000);
  });

  const outOfTime = typeof faketime === 'string' ? describe.skip : describe;
  outOfTime(`out of time${typeof faketime === 'string' ? ` (skipped: ${faketime})` : ''}`, () => {
    it.each(['-10m', '+10m'])(
      'F26: gives a worker whose clock is wrong by %s its try, once',
      async (skew) => {
        if (typeof faketime === 'string') return;
        const skewed = await startWorker({ ...faketime, FAKETIME: skew });
        const trackId = await send(`Neap ${skew}`);
        expect(await outcome(site.owner.api, trackId)).toMatchObject({ status: 'READY' });
        expect(await job(trackId)).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
        const told = /"time":(\d+)/.exec(skewed.said())?.[1];
        expect(Math.abs(Number(told) - Date.now())).toBeGreaterThan(500_000);
      },
      120_000,
    );
  });
});
