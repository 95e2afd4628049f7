import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openPlayback, type Playback } from '../testing/open-playback.ts';

const PLAYER = `version current { id track { id } } items { id track { id } source } positionMs at isPlaying repeat
  shuffleSeed device { id name } canUndo`;
const PHONE = { id: 'phone', name: 'Phone' };
const DESK = { id: 'desk', name: 'Desk' };

let playback: Playback;
let tracks: string[];

beforeAll(async () => {
  playback = await openPlayback();
  tracks = [];
  // oxlint-disable-next-line no-await-in-loop -- a few
  for (let i = 0; i < 5; i++) tracks.push(await playback.aTrack());
});

afterAll(async () => {
  await playback[Symbol.asyncDispose]();
});

/** A mutation of the player: what it is afterwards, and the codes of what went wrong. */
async function change(viewer: Viewer, name: string, type: string, input: object) {
  const mutation = `mutation ($input: ${type}!) { ${name}(input: $input) { player { ${PLAYER} } errors { code path } } }`;
  const { data } = await playback.as(viewer)(mutation, { input });
  return data[name];
}

const play = (viewer: Viewer, input: object = {}) =>
  change(viewer, 'playTracks', 'PlayTracksInput', { trackIds: tracks, device: DESK, ...input });
const control = (viewer: Viewer, action: string, more: object = {}) =>
  change(viewer, 'controlPlayer', 'ControlPlayerInput', { action, ...more });

async function playerOf(user: Viewer, viewer: Viewer | null = user) {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { player { ${PLAYER} } } } }`;
  return (await playback.as(viewer)(query, { of: [{ __typename: 'User', id: user.userId }] })).data
    ._entities[0].player;
}

const titles = (player: { items: { track: { id: string } }[] }) =>
  player.items.map(({ track }) => tracks.indexOf(track.id));
const current = (player: { current: { track: { id: string } } | null }) =>
  player.current && tracks.indexOf(player.current.track.id);

describe('a player', () => {
  it('plays what it is given, steps, and is the same for whoever asks later', async () => {
    const bob = aViewer();
    expect(await playerOf(bob)).toMatchObject({ version: 0, items: [], current: null, isPlaying: false });
    const { player } = await play(bob, { startAt: 1 });
    expect([titles(player), current(player), player.isPlaying, player.device]).toEqual([
      [0, 1, 2, 3, 4],
      1,
      true,
      DESK,
    ]);
    expect(current((await control(bob, 'NEXT')).player)).toBe(2);
    await control(bob, 'SEEK', { positionMs: 20_000 });
    expect(current((await control(bob, 'PREVIOUS')).player)).toBe(2);
    expect(current((await control(bob, 'PREVIOUS')).player)).toBe(1);
    const paused = (await control(bob, 'PAUSE', { positionMs: 5_000 })).player;
    expect(await playerOf(bob)).toEqual({ ...paused, at: expect.any(String) });
    expect(paused).toMatchObject({ positionMs: 5_000, isPlaying: false });
    expect(await playerOf(bob, playback.alice)).toBeNull();
  });

  it('tells where it is by the server’s clock', async () => {
    const bob = aViewer();
    const { player } = await play(bob);
    const later = await playerOf(bob);
    expect(later.positionMs - player.positionMs).toBe(Date.parse(later.at) - Date.parse(player.at));
  });

  it('is never behind the end of what it plays, though nobody says that it has ended', async () => {
    const bob = aViewer();
    const length = 60_000;
    await play(bob);
    const { player } = await control(bob, 'SEEK', { positionMs: length - 1 });
    let later = player;
    // oxlint-disable-next-line no-await-in-loop -- until the clock has moved
    while (Date.parse(later.at) < Date.parse(player.at) + 2) later = await playerOf(bob);
    expect(later).toMatchObject({ positionMs: length, isPlaying: true });
    for (const action of ['SEEK', 'PLAY', 'PAUSE']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { errors, player: at } = await control(bob, action, { positionMs: 2 ** 31 - 1 });
      expect({ errors, positionMs: at.positionMs }).toEqual({ errors: [], positionMs: length });
    }
  });

  it('has another version only where something has changed', async () => {
    const bob = aViewer();
    const undo = () => change(bob, 'undoQueueChange', 'UndoQueueChangeInput', {});
    expect((await undo()).player.version).toBe(0);
    await play(bob);
    const { player: before } = await control(bob, 'PAUSE', { positionMs: 5_000 });
    const remove = { itemIds: ['none'] };
    const same = [
      await control(bob, 'PAUSE'),
      await control(bob, 'SEEK', { positionMs: 5_000, device: DESK }),
      await change(bob, 'setRepeat', 'SetRepeatInput', { repeat: 'OFF' }),
      await change(bob, 'removeQueuedTracks', 'RemoveQueuedTracksInput', remove),
      await change(bob, 'queueTracks', 'QueueTracksInput', { trackIds: [] }),
      await change(bob, 'shuffleQueue', 'ShuffleQueueInput', { seed: null }),
    ];
    for (const { player } of same) expect(player).toEqual({ ...before, at: expect.any(String) });
    const { player: playing } = await control(bob, 'PLAY');
    expect(playing.version).toBe(before.version + 1);
    expect((await control(bob, 'PLAY')).player.version).toBe(playing.version);
    expect((await control(bob, 'PLAY', { device: PHONE })).player.version).toBe(playing.version + 1);
    // the one list that was put in place of none
    expect((await undo()).player).toMatchObject({ items: [], canUndo: false });
  });

  it('repeats one item only where that has ended by itself, and the whole list at its end', async () => {
    const bob = aViewer();
    await play(bob, { startAt: 4 });
    const repeat = (mode: string) => change(bob, 'setRepeat', 'SetRepeatInput', { repeat: mode });
    await repeat('ONE');
    expect(current((await control(bob, 'ENDED')).player)).toBe(4);
    await repeat('ALL');
    expect(current((await control(bob, 'ENDED')).player)).toBe(0);
    await repeat('OFF');
    await play(bob, { startAt: 4 });
    expect((await control(bob, 'ENDED')).player).toMatchObject({ isPlaying: false, positionMs: 0 });
  });

  it('is rearranged, and takes it back', async () => {
    const bob = aViewer();
    await play(bob, { trackIds: tracks.slice(0, 3) });
    const next = { trackIds: [tracks[4]], where: 'NEXT', source: 'SEARCH' };
    const { player } = await change(bob, 'queueTracks', 'QueueTracksInput', next);
    expect(titles(player)).toEqual([0, 4, 1, 2]);
    expect(player.items[1].source).toBe('SEARCH');
    const moved = { itemId: player.items[3].id, afterItemId: null };
    expect(titles((await change(bob, 'moveQueuedTrack', 'MoveQueuedTrackInput', moved)).player)).toEqual([
      2, 0, 4, 1,
    ]);
    const itemIds = [player.items[0].id, player.items[1].id];
    const removed = (await change(bob, 'removeQueuedTracks', 'RemoveQueuedTracksInput', { itemIds })).player;
    expect([titles(removed), current(removed)]).toEqual([[2, 1], 1]);
    const undo = async () => (await change(bob, 'undoQueueChange', 'UndoQueueChangeInput', {})).player;
    expect(titles(await undo())).toEqual([2, 0, 4, 1]);
    expect(titles(await undo())).toEqual([0, 4, 1, 2]);
    expect(titles(await undo())).toEqual([0, 1, 2]);
    expect(await undo()).toMatchObject({ items: [], canUndo: false });
  });

  it('shuffles by a seed, what plays first, and is in order again', async () => {
    const bob = aViewer();
    const first = (await play(bob, { startAt: 2, shuffleSeed: 7 })).player;
    expect([titles(first)[0], new Set(titles(first))]).toEqual([2, new Set([0, 1, 2, 3, 4])]);
    expect(titles((await play(bob, { startAt: 2, shuffleSeed: 7 })).player)).toEqual(titles(first));
    const { player } = await change(bob, 'shuffleQueue', 'ShuffleQueueInput', { seed: null });
    expect([titles(player), current(player)]).toEqual([[0, 1, 2, 3, 4], 2]);
  });

  it('lets nothing of two devices be lost, where they ask for that', async () => {
    const bob = aViewer();
    const { version } = (await play(bob)).player;
    const more = { trackIds: [tracks[0]], version };
    const both = await Promise.all([1, 2].map(() => change(bob, 'queueTracks', 'QueueTracksInput', more)));
    expect(both.flatMap(({ errors }) => errors)).toEqual([{ code: 'VERSION_CONFLICT', path: ['version'] }]);
    expect((await playerOf(bob)).items).toHaveLength(6);
  });

  it('refuses what is not there, may not be heard, or is too much', async () => {
    const bob = aViewer();
    const closed = await playback.aTrack({ published: false });
    expect((await play(bob, { trackIds: [tracks[0], closed] })).errors).toEqual([
      { code: 'NOT_FOUND', path: ['trackIds', '1'] },
    ]);
    expect((await play(bob, { startAt: 9 })).errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['startAt'] }]);
    await play(bob);
    expect((await control(bob, 'PLAY', { itemId: 'none' })).errors).toEqual([
      { code: 'NOT_FOUND', path: ['itemId'] },
    ]);
    expect((await control(bob, 'SEEK', { positionMs: -1 })).errors).toEqual([
      { code: 'BAD_USER_INPUT', path: ['positionMs'] },
    ]);
    const many = { trackIds: Array.from({ length: 999 }, () => tracks[0]) };
    expect((await change(bob, 'queueTracks', 'QueueTracksInput', many)).errors).toEqual([
      { code: 'QUEUE_FULL', path: ['trackIds'] },
    ]);
  });
});

describe('two devices', () => {
  it('follow one player, and hand it on to one another', async () => {
    const bob = aViewer();
    const stream = playback.subscribe(bob, `subscription { playerChanged { ${PLAYER} } }`);
    expect((await stream.next()).value.data.playerChanged).toMatchObject({ version: 0, device: null });
    await play(bob);
    const until = async (version: number) => {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one state after the other
        const { playerChanged } = (await stream.next()).value.data;
        if (playerChanged.version >= version) return playerChanged;
      }
    };
    expect(await until(1)).toMatchObject({ device: DESK, isPlaying: true });
    // a remote control takes nothing over
    await control(bob, 'NEXT');
    expect(await until(2)).toMatchObject({ device: DESK });
    const { player } = await control(bob, 'PLAY', { device: PHONE });
    expect(player.positionMs).toBeLessThan(60_000);
    expect(await until(3)).toMatchObject({ device: PHONE, isPlaying: true });
    await stream.return(undefined);
  });
});
