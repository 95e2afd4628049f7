import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackDeleted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { askEntity } from '@volna/platform/testing/entities';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openPlayback, type Playback } from './testing/open-playback.ts';

const GRANTS = 'stream { hlsUrl renditions { codec } } download { url sizeBytes }';
const HISTORY = 'history { edges { node { playedMs track { id } } } }';

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

/** What is told of a track to a forger who claims all that a row could say for them. */
const tell = async (viewer: Viewer | null, id: string) =>
  askEntity(
    playback.subgraph(),
    viewer,
    {
      __typename: 'Track',
      id,
      isOpen: true,
      deleted: false,
      ownerId: viewer?.userId,
      hlsPrefix: 'tracks',
    },
    GRANTS,
  );

describe('representations sent straight to playback', () => {
  it('grant a track that is not open to its owner and an ADMIN, the original to its owner alone', async () => {
    const trackId = await aTrack();
    expect(await tell(owner, trackId)).toMatch(/hlsUrl.*"download":\{/);
    expect(await tell(admin, trackId)).toMatch(/hlsUrl.*"download":null/);
    for (const who of [other, null]) expect(await tell(who, trackId)).toBe(await tell(who, newId('Track')));
  });

  it('grant an open track to everybody, and a deleted one to nobody', async () => {
    const trackId = await aTrack();
    await playback.setOpen(trackId);
    for (const who of [other, null]) expect(await tell(who, trackId)).toMatch(/hlsUrl.*"download":null/);
    await playback.bus.publish(trackDeleted, { trackId, ownerId: owner.userId });
    await playback.bus.idle();
    for (const who of [owner, admin, other, null])
      expect(await tell(who, trackId)).toBe(await tell(who, newId('Track')));
  });

  it('tell what a user played to that user alone', async () => {
    const trackId = await aTrack();
    expect(await playback.report(owner, trackId)).toEqual({ ok: true, errors: [] });
    const ask = async (who: Viewer | null, id: string) =>
      askEntity(playback.subgraph(), who, { __typename: 'User', id }, HISTORY);
    expect(await ask(owner, owner.userId)).toContain(trackId);
    for (const who of [admin, other, null])
      expect(await ask(who, owner.userId)).toBe(await ask(who, newId('User')));
  });
});

describe('a report of a track that its listener may not see', () => {
  it('is answered as one of a track that is not there', async () => {
    const trackId = await aTrack();
    expect(await playback.report(other, trackId)).toEqual({
      ok: false,
      errors: [{ code: 'NOT_FOUND', path: ['trackId'] }],
    });
    expect(await playback.report(other, trackId)).toEqual(await playback.report(other, newId('Track')));
  });
});
