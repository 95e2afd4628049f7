import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import { newId, trackCreated } from '@volna/events';
import { NatsBus } from '@volna/platform/bus-nats';
import { startNatsServer } from '@volna/platform/embedded/nats-server';
import { binaryForTests } from '@volna/platform/testing/servers';

import { freePort } from '../testing/free-port.ts';
import { mayMount } from '../testing/may-mount.ts';
import { openMortal } from '../testing/mortal.ts';
import { until } from '../testing/until.ts';

const run = promisify(execFile);
const nats = await binaryForTests('nats-server');
const missing = typeof nats === 'string' ? nats : await mayMount();
const suite = missing === null ? describe : describe.skip;

const LARGE = 'a'.repeat(300_000);
const aTrack = () => ({
  trackId: newId('Track'),
  artistId: newId('Artist'),
  ownerId: newId('User'),
  title: LARGE,
  albumId: null,
});

suite(`F14: a broker whose disk is full${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it('takes nothing, says so, and has all that it took once there is room again', async () => {
    if (typeof nats === 'string') throw new Error(nats);
    const directory = await mkdtemp(join(tmpdir(), 'volna-full-'));
    const disk = join(directory, 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
    try {
      await using opened = new AsyncDisposableStack();
      const place = { binary: nats, directory: join(disk, 'nats'), port: await freePort() };
      const broker = opened.use(await openMortal(() => startNatsServer(place)));
      const bus = opened.use(await NatsBus.connect(`nats://127.0.0.1:${place.port}`, QUICK));
      const taken = new Set<string>();
      const publish = async () => {
        const track = aTrack();
        await bus.publish(trackCreated, track, { id: track.trackId });
        taken.add(track.trackId);
      };
      await expect(publishUntilFull(publish)).rejects.toHaveProperty('message');
      expect(taken.size).toBeGreaterThan(0);

      await run('mount', ['-o', 'remount,size=64m', disk]);
      await broker.kill();
      await broker.start();
      await until('the broker takes messages again', () =>
        publish().then(
          () => true,
          () => false,
        ),
      );
      const got = new Set<string>();
      await bus.consume(trackCreated, 'test', async ({ trackId }) => void got.add(trackId));
      await until('all has come', async () => [...taken].every((id) => got.has(id)));
    } finally {
      await run('umount', ['-l', disk]);
      await rm(directory, { recursive: true, force: true });
    }
  }, 90_000);
});

const QUICK = { publishTimeoutMs: 2_000 };
/** More than the disk holds. */
const MANY = 60;

async function publishUntilFull(publish: () => Promise<void>): Promise<void> {
  for (let nth = 0; nth < MANY; nth++) await publish();
}
