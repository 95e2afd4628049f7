import { readdir, readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryForTests } from '@volna/platform/testing/servers';

import type { Victim } from '../chaos/storm.ts';
import { weatherStorm } from '../chaos/weather-storm.ts';
import { createRandom } from '../demo/random.ts';
import { makeTune } from '../testing/audio.ts';
import type { RunningEntry } from '../testing/entry.ts';
import { openStormSite, type StormSite } from '../testing/storm-site.ts';

const [nats, ffmpeg] = await Promise.all([binaryForTests('nats-server'), binaryForTests('ffmpeg')]);
const missing = [nats, ffmpeg].find((binary) => typeof binary === 'string');
const suite = missing === undefined ? describe : describe.skip;

const UPLOADS = 8;
const SEED = 6;
/** How often each victim is struck, at least. */
const STRIKES = 2;
/** For a machine that runs other tests meanwhile; `npm run chaos` measures on one that does not. */
const PATIENCE_MS = 150_000;

suite(`G1, small: uploads in a storm${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let site: StormSite;
  const workers = new Map<string, RunningEntry>();

  beforeAll(async () => {
    if (typeof nats === 'string' || typeof ffmpeg === 'string') return;
    const catalog = { leaseSeconds: 4, sweepEveryMs: 250 };
    site = await openStormSite({ nats, ffmpeg }, { catalog });
    for (const name of ['transcode', 'analyze'] as const) workers.set(name, await site.startWorker(name));
  }, 120_000);

  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
  });

  const worker = (name: 'transcode' | 'analyze'): Victim => ({
    name,
    everyMs: [3_000, 9_000],
    awayMs: [0, 500],
    kill: async () => workers.get(name)?.kill(),
    start: async () => void workers.set(name, await site.startWorker(name)),
  });

  it('loses none, does none twice and leaves nothing behind', async () => {
    const { broker, database } = site;
    const seen = await weatherStorm(site, {
      uploads: UPLOADS,
      makeFile: async (nth) => {
        const tune = { name: `tune ${nth}`, format: 'flac', seconds: 5, root: 110 + 20 * nth } as const;
        return readFile(await makeTune(site.stack.backends.ffmpeg, site.directory, tune));
      },
      victims: [
        worker('transcode'),
        worker('analyze'),
        { name: 'broker', everyMs: [4_000, 9_000], awayMs: [0, 1_000], ...lifeOf(broker) },
        { name: 'database', everyMs: [6_000, 12_000], awayMs: [0, 1_000], ...lifeOf(database) },
      ],
      random: createRandom(SEED),
      isEnough: ({ strikes }) => [...strikes.values()].every((count) => count >= STRIKES),
      calmMs: PATIENCE_MS,
      tell: () => undefined,
    });
    expect(seen.problems).toEqual([]);
    expect(seen.ready + Object.values(seen.failed).reduce((sum, count) => sum + count, 0)).toBe(UPLOADS);
    // FAILED is for what was killed three times, and nothing else
    expect(Object.keys(seen.failed).filter((code) => code !== 'WORKER_LOST')).toEqual([]);

    await Promise.all([...workers.values()].map((running) => running.stop()));
    const last = await site.startWorker('transcode');
    await last.stop();
    expect((await readdir(site.scratch)).filter((name) => name.startsWith('volna-'))).toEqual([]);
  }, 300_000);
});

function lifeOf(server: { kill(): Promise<void>; start(): Promise<void> }) {
  return { kill: () => server.kill(), start: () => server.start() };
}
