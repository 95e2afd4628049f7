import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openPlayback, type Playback } from '../testing/open-playback.ts';

const ROOM = 'id name code host { id } members { id } player { version current { track { id } } isPlaying }';

let playback: Playback;
const [host, guest, other] = [aViewer(), aViewer(), aViewer()];

beforeAll(async () => {
  playback = await openPlayback();
});

afterAll(async () => {
  await playback[Symbol.asyncDispose]();
});

async function open(name = 'Friday') {
  const mutation = `mutation ($name: String!) { openRoom(name: $name) { room { ${ROOM} } errors { code } } }`;
  return (await playback.as(host)(mutation, { name })).data.openRoom;
}

async function join(viewer: Viewer, code: string) {
  const mutation = `mutation ($code: String!) { joinRoom(code: $code) { room { ${ROOM} } errors { code } } }`;
  return (await playback.as(viewer)(mutation, { code })).data.joinRoom;
}

const leave = (viewer: Viewer, id: string) =>
  playback.as(viewer)('mutation ($id: ID!) { leaveRoom(id: $id) { ok } }', { id });

async function play(viewer: Viewer, roomId: string) {
  const mutation = `mutation ($input: PlayTracksInput!) { playTracks(input: $input) { player { version } errors { code path } } }`;
  const input = { trackIds: [await playback.aTrack()], roomId };
  return (await playback.as(viewer)(mutation, { input })).data.playTracks;
}

describe('a room', () => {
  it('has one player for all who are in it', async () => {
    const { room } = await open();
    expect(room).toMatchObject({ name: 'Friday', host: { id: host.userId }, members: [{ id: host.userId }] });
    expect((await play(guest, room.id)).errors).toEqual([{ code: 'NOT_FOUND', path: ['roomId'] }]);
    for (let times = 0; times < 2; times++) {
      // oxlint-disable-next-line no-await-in-loop -- a second time changes nothing
      expect((await join(guest, room.code)).room.members).toEqual([
        { id: host.userId },
        { id: guest.userId },
      ]);
    }
    expect((await play(guest, room.id)).errors).toEqual([]);
    const query = `query ($id: ID!) { room(id: $id) { ${ROOM} } }`;
    expect((await playback.as(host)(query, { id: room.id })).data.room.player).toMatchObject({
      isPlaying: true,
    });
    expect((await playback.as(other)(query, { id: room.id })).data.room).toBeNull();
  });

  it('is followed by those who are in it, until they leave or its host ends it', async () => {
    const { room } = await open();
    await join(guest, room.code);
    const subscription = 'subscription ($roomId: ID) { playerChanged(roomId: $roomId) { version } }';
    const outside = playback.subscribe(other, subscription, { roomId: room.id });
    expect((await outside.next()).value.errors[0].extensions.code).toBe('NOT_FOUND');
    const stream = playback.subscribe(guest, subscription, { roomId: room.id });
    expect((await stream.next()).value.data.playerChanged).toEqual({ version: 0 });
    await play(host, room.id);
    expect((await stream.next()).value.data.playerChanged).toEqual({ version: 1 });
    await leave(host, room.id);
    expect((await stream.next()).value.errors[0].extensions.code).toBe('NOT_FOUND');
    expect((await join(other, room.code)).errors).toEqual([{ code: 'NOT_FOUND' }]);
  });

  it('wants a name, and is one of twenty at most', async () => {
    expect((await open(' ')).errors).toEqual([{ code: 'BAD_USER_INPUT' }]);
    const codes: string[] = [];
    for (let times = 0; times < 21; times++) {
      // oxlint-disable-next-line no-await-in-loop -- until it is too many
      codes.push(...(await open(`Room ${times}`)).errors.map(({ code }: { code: string }) => code));
    }
    expect(codes).toContain('TOO_MANY_ROOMS');
  });
});
