import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackOpennessChanged, trackPlayable, type TrackId } from '@volna/events';
import {
  ControlPlayerDocument,
  JoinRoomDocument,
  OpenRoomDocument,
  PlayerChangedDocument,
  PlayTracksDocument,
  RoomClockDocument,
} from '@volna/gateway/client';
import { anOpening } from '@volna/platform/testing/openness';

import { keepInStep, openServerClock, placeAt, type Told } from './client/keep-in-step.ts';
import { type Account, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';

/** What is lost by telling instants in whole milliseconds, and by reading several clocks one after the other. */
const READING_MS = 5;

let volna: TestStack;
let alice: Account;
let bob: Account;

beforeAll(async () => {
  volna = await openTestStack({}, { transcodes: false });
  [alice, bob] = [await signUp(volna.endpoint), await signUp(volna.endpoint)];
}, 120_000);

afterAll(async () => {
  await volna?.[Symbol.asyncDispose]();
});

/** A track of an hour, as far as playback knows. */
async function aTrack(): Promise<TrackId> {
  const [trackId, ownerId] = [newId('Track'), newId('User')];
  await volna.backends.bus.publish(trackPlayable, {
    trackId,
    ownerId,
    hlsPrefix: `tracks/${trackId}/1/hls`,
    renditions: [{ kbps: 160, codec: 'mp4a.40.2' }],
    originalKey: `uploads/${trackId}`,
    originalName: 'hour.flac',
    originalBytes: 1,
    durationMs: 3_600_000,
  });
  await volna.backends.bus.publish(trackOpennessChanged, anOpening({ trackId, ownerId }));
  return trackId;
}

/** A listener in a room, whose clock is off and runs at a pace of its own. */
async function listen({ api }: Account, roomId: string, own: () => number) {
  const clock = openServerClock();
  for (let asked = 0; asked < 8; asked++) {
    const sentAt = own();
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that they do not delay one another
    const { room } = await api.ask(RoomClockDocument, { id: roomId });
    clock.note({ sentAt, receivedAt: own(), at: new Date(room?.player.at ?? Number.NaN).getTime() });
  }
  const changes = api.watch(PlayerChangedDocument, { roomId });
  let told: (Told & { readonly version: number }) | undefined;
  let isLast = false;
  const following = (async () => {
    for await (const { playerChanged } of changes) {
      const { version, positionMs, at, isPlaying } = playerChanged;
      told = { version, positionMs, isPlaying, at: new Date(at).getTime() };
      if (isLast) break;
    }
  })();
  return {
    until: (version: number) =>
      until(`version ${version} is told`, async () => (told?.version ?? -1) >= version),
    /** Where the music is to be now, as far as this listener knows, and how wrong that may be. */
    place() {
      const now = own();
      const serverNow = clock.at(now);
      if (!told || serverNow === null) throw new Error('nothing was told yet');
      return { told, serverNow, wanted: placeAt(told, serverNow), doubtMs: clock.doubtMs(now) };
    },
    /** Follows up to the next change. */
    async untilLast() {
      isLast = true;
      await following;
    },
  };
}

describe('two listeners in a room', () => {
  it('are told places that differ by no more than their doubt, whatever their clocks show', async () => {
    const opened = await alice.api.ask(OpenRoomDocument, { name: 'Kitchen' });
    const { id = '', code = '' } = opened.openRoom.room ?? {};
    const joined = await bob.api.ask(JoinRoomDocument, { code });
    expect(joined.joinRoom.errors).toEqual([]);
    const trackId = await aTrack();
    const own = [() => performance.now() * 1.0002 + 613_000, () => Date.now() * 0.9999 - 95_000_000];
    const here = await listen(alice, id, own[0] ?? Date.now);
    const there = await listen(bob, id, own[1] ?? Date.now);
    let version = 0;
    await until('the track plays', async () => {
      const input = { trackIds: [trackId], roomId: id };
      const { playTracks } = await bob.api.ask(PlayTracksDocument, { input });
      version = playTracks.player?.version ?? 0;
      return playTracks.errors.length === 0;
    });
    for (const positionMs of [0, 1_800_000]) {
      const input = { action: 'SEEK', positionMs, roomId: id } as const;
      // oxlint-disable no-await-in-loop -- two places
      const { controlPlayer } = await alice.api.ask(ControlPlayerDocument, { input });
      version = controlPlayer.player?.version ?? version;
      await Promise.all([here.until(version), there.until(version)]);
      // oxlint-enable no-await-in-loop
      const [a, b, truth] = [here.place(), there.place(), Date.now()];
      const doubtMs = a.doubtMs + b.doubtMs + READING_MS;
      expect(Math.abs(a.wanted - b.wanted)).toBeLessThan(doubtMs);
      expect(Math.abs(a.serverNow - truth)).toBeLessThan(a.doubtMs + READING_MS);
      // who is far off comes here at once
      const { seekToMs = 0 } = keepInStep(a.told, { heardMs: positionMs + 60_000, serverNow: a.serverNow });
      expect(Math.abs(seekToMs - b.wanted)).toBeLessThan(doubtMs);
      process.stdout.write(
        `apart by ${Math.abs(a.wanted - b.wanted).toFixed(1)} ms, doubt ${doubtMs.toFixed(1)} ms\n`,
      );
    }
    const ends = Promise.all([here.untilLast(), there.untilLast()]);
    await alice.api.ask(ControlPlayerDocument, { input: { action: 'PAUSE', roomId: id } });
    await ends;
  }, 60_000);
});
