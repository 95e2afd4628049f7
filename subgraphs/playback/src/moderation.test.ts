import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { moderationDecided, type TrackId, trackDeleted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openPlayback, type Playback } from './testing/open-playback.ts';

const TRACK = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
  stream { hlsUrl } download { url } } } }`;

const other = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

let playback: Playback;
let owner: Viewer;
let everybody: (Viewer | null)[];
beforeAll(async () => {
  playback = await openPlayback();
  owner = playback.alice;
  everybody = [owner, admin, other, null];
});
afterAll(() => playback[Symbol.asyncDispose]());

const aTrack = () => playback.aTrack();
const setOpen = (trackId: TrackId, isOpen: boolean) =>
  playback.setOpen(trackId, { isOpen, reason: isOpen ? null : 'MODERATED' });

let clock = Date.now();

async function decide(targetId: TrackId, state: 'CLEAR' | 'HIDDEN' | 'TAKEN_DOWN', at = (clock += 1)) {
  const decided = { targetType: 'TRACK' as const, targetId, ownerId: owner.userId, state };
  await playback.bus.publish(moderationDecided, { ...decided, at: new Date(at).toISOString() });
  await playback.bus.idle();
}

async function grantsOf(viewer: Viewer | null, id: string) {
  return (await playback.as(viewer)(TRACK, { of: [{ __typename: 'Track', id }] })).data._entities[0];
}

/** The address that was granted, and that of a segment, which it leads to. */
interface Stream {
  readonly master: string;
  readonly segment: string;
}

async function aStreamFor(viewer: Viewer | null, id: string): Promise<Stream> {
  const master = (await grantsOf(viewer, id)).stream.hlsUrl as string;
  const variant = (await (await fetch(master)).text()).trim().split('\n').at(-1) ?? '';
  return { master, segment: new URL('seg-0.m4s', new URL(variant, master)).href };
}

/** What the playlist and a segment of a stream are answered with. */
async function play({ master, segment }: Stream): Promise<number[]> {
  const answers = await Promise.all([fetch(master), fetch(segment)]);
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  return answers.map(({ status }) => status);
}

/** Asks until it is so: what changed is read a moment after it was told. */
async function untilPlays(stream: Stream, status: number): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- one look after the other
  while ((await play(stream)).some((each) => each !== status));
}

describe('streams that were granted', () => {
  it('stop when the track is hidden, but for its owner and an ADMIN, and go on when it is back', async () => {
    const id = await aTrack();
    const [ofOther, ofStranger, ofOwner, ofAdmin] = [
      await aStreamFor(other, id),
      await aStreamFor(null, id),
      await aStreamFor(owner, id),
      await aStreamFor(admin, id),
    ];
    for (const url of [ofOther, ofStranger, ofOwner, ofAdmin]) expect(await play(url)).toEqual([200, 200]);
    await setOpen(id, false);
    await decide(id, 'HIDDEN');
    await untilPlays(ofOther, 404);
    expect(await play(ofStranger)).toEqual([404, 404]);
    expect(await (await fetch(ofOther.master)).json()).toEqual({ code: 'NOT_FOUND' });
    for (const url of [ofOwner, ofAdmin]) expect(await play(url)).toEqual([200, 200]);
    await setOpen(id, true);
    await decide(id, 'CLEAR');
    await untilPlays(ofOther, 200);
  });

  it('stop for everybody when the track is taken down or deleted', async () => {
    const [down, gone] = [await aTrack(), await aTrack()];
    const urls = await Promise.all([down, gone].map((id) => aStreamFor(owner, id)));
    await setOpen(down, false);
    await decide(down, 'TAKEN_DOWN');
    await playback.bus.publish(trackDeleted, { trackId: gone, ownerId: owner.userId });
    for (const url of urls) await untilPlays(url, 404);
    expect((await grantsOf(owner, gone)).stream).toBeNull();
  });

  it('are not good again in a process that starts later', async () => {
    const [hidden, down, open] = [await aTrack(), await aTrack(), await aTrack()];
    const ofOther = await aStreamFor(other, hidden);
    const [ofOwner, ofDown, ofOpen] = [
      await aStreamFor(owner, hidden),
      await aStreamFor(owner, down),
      await aStreamFor(null, open),
    ];
    await setOpen(hidden, false);
    await setOpen(down, false);
    await decide(down, 'TAKEN_DOWN');
    await playback.restart();
    expect(await play(ofOther)).toEqual([404, 404]);
    expect(await play(ofDown)).toEqual([404, 404]);
    for (const url of [ofOwner, ofOpen]) expect(await play(url)).toEqual([200, 200]);
  });
});

describe('new grants', () => {
  it('are given to nobody for a track that is taken down, and to its owner and an ADMIN for a hidden one', async () => {
    const id = await aTrack();
    const hears = async () =>
      Promise.all(everybody.map(async (who) => (await grantsOf(who, id)).stream !== null));
    expect(await hears()).toEqual([true, true, true, true]);
    await setOpen(id, false);
    await decide(id, 'HIDDEN');
    expect(await hears()).toEqual([true, true, false, false]);
    expect((await grantsOf(owner, id)).download).not.toBeNull();
    await decide(id, 'TAKEN_DOWN');
    expect(await hears()).toEqual([false, false, false, false]);
    expect((await grantsOf(owner, id)).download).toBeNull();
  });

  it('follow the later decision, whichever is told first', async () => {
    const id = await aTrack();
    const at = (clock += 10);
    await decide(id, 'CLEAR', at);
    await decide(id, 'TAKEN_DOWN', at - 5);
    expect((await grantsOf(owner, id)).stream).not.toBeNull();
  });
});
