import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newId,
  playbackReported,
  type TrackId,
  trackDeleted,
  trackOpennessChanged,
  trackPlayable,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { readGrant } from './streaming/grant.ts';
import {
  aPlayable,
  GRANT_KEY,
  openPlayback,
  type Playback,
  prefixOf as hls,
} from './testing/open-playback.ts';

const TRACK = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
  stream { hlsUrl } download { url } } } }`;

const other = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

let playback: Playback;
let owner: Viewer;
beforeAll(async () => {
  playback = await openPlayback();
  owner = playback.alice;
});
afterAll(() => playback[Symbol.asyncDispose]());

const aTrack = () => playback.aTrack({ published: false });
const state = (trackId: TrackId, otherwise: Parameters<typeof anOpening>[1] = {}) =>
  playback.setOpen(trackId, otherwise);

/** The folder that a viewer is granted where a track is asked for. */
async function granted(viewer: Viewer | null, id: string): Promise<string | null> {
  const { data } = await playback.as(viewer)(TRACK, { of: [{ __typename: 'Track', id }] });
  const url = data._entities[0].stream?.hlsUrl;
  if (!url) return null;
  const grant = readGrant(GRANT_KEY, new URL(url).pathname.split('/')[2] ?? '');
  return grant && grant !== 'expired' ? grant.prefix : null;
}

describe('a track that is closed', () => {
  it('is streamed to its owner and an ADMIN alone, and to all again once it is opened', async () => {
    const id = await aTrack();
    await state(id);
    expect(await granted(other, id)).toBe(hls(id));
    await state(id, { isOpen: false, reason: 'MODERATED' });
    expect([await granted(other, id), await granted(null, id)]).toEqual([null, null]);
    expect([await granted(owner, id), await granted(admin, id)]).toEqual([hls(id), hls(id)]);
    await state(id);
    expect([await granted(other, id), await granted(null, id)]).toEqual([hls(id), hls(id)]);
  });

  it.each([
    ['in order', [0, 1, 2]],
    ['the last one first', [2, 0, 1]],
    ['in the opposite order', [2, 1, 0]],
    ['again and again', [0, 2, 1, 2, 0]],
  ])('is what the latest statement says, though they come %s', async (_how, order) => {
    const id = newId('Track');
    const track = { trackId: id, ownerId: owner.userId };
    const stated = [
      anOpening(track),
      anOpening(track, { isOpen: false, reason: 'DRAFT' }),
      anOpening(track, { isOpen: order.length === 3 }),
    ];
    for (const at of order) await playback.bus.publish(trackOpennessChanged, stated[at] ?? anOpening(track));
    await playback.bus.publish(trackPlayable, aPlayable(id, owner));
    await playback.bus.idle();
    expect(await granted(other, id)).toBe(order.length === 3 ? hls(id) : null);
  });

  it('stays closed once it is deleted', async () => {
    const id = await aTrack();
    await playback.bus.publish(trackDeleted, { trackId: id, ownerId: owner.userId });
    await state(id);
    expect(await granted(owner, id)).toBeNull();
  });
});

describe('a merged track', () => {
  it('is played as the track that stands for it, over several merges, until it is one of its own again', async () => {
    const [first, second, third] = [await aTrack(), await aTrack(), await aTrack()];
    await state(third);
    await state(second, { isOpen: false, reason: 'MERGED', mergedIntoId: third });
    await state(first, { isOpen: false, reason: 'MERGED', mergedIntoId: second });
    expect(await granted(other, first)).toBe(hls(third));
    expect(await granted(null, second)).toBe(hls(third));
    await state(first);
    expect(await granted(other, first)).toBe(hls(first));
  });

  it('is played to its owner as itself where its target may not be heard', async () => {
    const [copy, target] = [await aTrack(), newId('Track')];
    await state(copy, { isOpen: false, reason: 'MERGED', mergedIntoId: target });
    expect([await granted(owner, copy), await granted(other, copy)]).toEqual([hls(copy), null]);
  });

  it('does not go round in circles', async () => {
    const [one, two] = [await aTrack(), await aTrack()];
    await state(one, { isOpen: false, reason: 'MERGED', mergedIntoId: two });
    await state(two, { isOpen: false, reason: 'MERGED', mergedIntoId: one });
    expect(await granted(other, one)).toBeNull();
  });

  it('has its listenings counted for the track that was heard', async () => {
    const [copy, target] = [await aTrack(), await aTrack()];
    await state(target);
    await state(copy, { isOpen: false, reason: 'MERGED', mergedIntoId: target });
    const stated: string[] = [];
    await using _consumer = await playback.bus.consume(
      playbackReported,
      'test',
      async ({ trackId }) => void stated.push(trackId),
    );
    expect(await playback.report(other, copy)).toEqual({ ok: true, errors: [] });
    while (stated.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(stated).toEqual([target]);
  });
});
