import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { albumDescribed, AlbumId, albumTracksChanged, newId, reactionSet, UserId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import {
  type Item,
  MY_WAVE,
  OPTIONS,
  PREVIEW,
  SHAKE,
  TUNE,
  WHY,
  RunningWaves,
} from './testing/running-waves.ts';

describe('a running wave', () => {
  let waves: RunningWaves;
  const albumId = AlbumId.parse(newId('Album'));

  beforeAll(async () => {
    waves = await RunningWaves.open();
  });

  afterAll(() => waves[Symbol.asyncDispose]());

  it('is previewed without being opened, the same for the same dice', async () => {
    const viewer = await waves.aFan(0);
    const variables = { input: { exploration: 0.3 }, first: 12, randomSeed: 7 };
    const one = (await waves.ask(viewer, PREVIEW, variables)).myWave;
    expect(one.items.map(({ seq }: Item) => seq)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    expect((await waves.ask(viewer, PREVIEW, variables)).myWave).toEqual(one);
    const other = (await waves.ask(viewer, PREVIEW, { ...variables, randomSeed: 8 })).myWave;
    expect(other.items).not.toEqual(one.items);
    expect(await waves.search.db.wave.count({ where: { userId: viewer.userId } })).toBe(0);
    expect(one.items[0].transition).toBeNull();
    expect(one.items[0].decision.passed).toEqual(
      expect.arrayContaining(['NOT_REFUSED', 'RESTED', 'ARTIST_SPACED']),
    );
  });

  it('is tuned: what plays stays, what waits is picked anew, and the socket tells', async () => {
    const viewer = await waves.aFan(0, 1);
    const { id } = await waves.start(viewer, { exploration: 0 });
    await waves.feed(viewer, id, 1, 'STARTED');
    const updates = subscribeAs(waves.search.subgraph, viewer, MY_WAVE, { waveId: id });
    const next = async () => (await updates.next()).value?.data.myWave;
    await next();
    const { tuneWave } = await waves.ask(viewer, TUNE, {
      waveId: id,
      input: { mood: 'CALM', languages: ['EN'] },
    });
    expect(await next()).toMatchObject({
      __typename: 'WaveRetuned',
      removedSeqs: [2, 3, 4, 5],
      why: 'Tuned. mood: calm; languages: EN.',
    });
    const told = (await next()).items;
    expect(told.map(({ seq }: Item) => seq)).toEqual([6, 7, 8, 9, 10]);
    expect(tuneWave.wave.items.map(({ seq }: Item) => seq)).toEqual([6, 7, 8, 9, 10]);
    for (const { track } of told) expect(waves.of(track.id).genres).toEqual(['ambient']);
    expect(await waves.search.db.waveItem.findFirst({ where: { waveId: id, seq: 1 } })).toMatchObject({
      state: 'STARTED',
    });
    await updates.return(undefined);
  });

  it('refuses wishes that cannot be, and strangers', async () => {
    const [owner, mallory] = [await waves.aFan(0), aViewer()];
    const { id } = await waves.start(owner);
    const codes = async (viewer: Viewer, input: object) =>
      (await waves.ask(viewer, TUNE, { waveId: id, input })).tuneWave.errors;
    expect(await codes(owner, { exploration: 0.5 })).toEqual([
      { code: 'BAD_USER_INPUT', path: ['exploration'] },
    ]);
    expect(await codes(owner, { languages: ['; DROP'] })).toEqual([
      { code: 'BAD_USER_INPUT', path: ['languages'] },
    ]);
    expect(await codes(mallory, {})).toEqual([{ code: 'NOT_FOUND', path: ['waveId'] }]);
    expect((await waves.ask(mallory, SHAKE, { waveId: id })).shakeWave.errors).toEqual([
      { code: 'NOT_FOUND', path: ['waveId'] },
    ]);
    expect((await waves.ask(mallory, WHY, { waveId: id, seq: 1 })).whyRecommended).toBeNull();
  });

  it('is shaken: nothing that waited comes back while there is anything else', async () => {
    const viewer = await waves.aFan(0);
    const { id, items } = await waves.start(viewer, { exploration: 0 });
    const { items: shaken } = (await waves.ask(viewer, SHAKE, { waveId: id })).shakeWave.wave;
    const before = new Set(items.map(({ track }) => track.id));
    expect(shaken).toHaveLength(5);
    for (const { track } of shaken) expect(before).not.toContain(track.id);
    expect(shaken.some(({ exploratory }: { exploratory: boolean }) => exploratory)).toBe(true);
  });

  it('holds to languages, to what is explicit and to what is taken for synthetic', async () => {
    const viewer = await waves.aFan(0, 1);
    const input = { languages: ['ru'], explicit: 'EXCLUDE', excludeAiSuspected: true };
    const { items } = (await waves.ask(viewer, PREVIEW, { input, first: 40 })).myWave;
    // all that is left comes again and again
    expect(items).toHaveLength(40);
    for (const { track } of items) {
      const { language, explicit, isAiSuspected } = waves.of(track.id);
      expect([language, explicit, isAiSuspected]).toEqual([language === null ? null : 'ru', false, false]);
    }
  });

  it('plays an album as a whole, and its tracks not once more', async () => {
    const on = [0, 2, 6, 8].map((n) => waves.library[n]!.trackId);
    const { artistId } = waves.library[0]!;
    const ownerId = UserId.parse(newId('User'));
    await waves.search.bus.publish(albumDescribed, {
      albumId,
      artistId,
      ownerId,
      title: 'Quiet',
      year: 2020,
    });
    await waves.search.bus.publish(albumTracksChanged, { albumId, trackIds: on });
    await waves.search.settle();
    const viewer = await waves.aFan(10);
    const input = { exploration: 0, mood: 'CALM' };
    // not by dice that play most of its tracks before its turn
    let items: Item[] = [];
    for (let randomSeed = 1; randomSeed <= 20 && !items[3]?.album; randomSeed++)
      ({ items } = (await waves.ask(viewer, PREVIEW, { input, first: 16, randomSeed })).myWave);
    const [album, ...others] = items.filter((item: Item) => item.album !== null);
    expect(album).toMatchObject({
      seq: 4,
      album: { id: albumId },
      item: { __typename: 'Album', id: albumId },
    });
    expect(on).toContain(album?.track.id);
    expect(others).toEqual([]);
    const after = items.slice(4, 12).map(({ track }: Item) => track.id);
    for (const trackId of on) expect(after).not.toContain(trackId);
    expect(items[4]).toMatchObject({ transition: null });
    // nothing that the listener dislikes is played as a part of it
    const at = new Date().toISOString();
    const dislike = { userId: viewer.userId, trackId: on[2]!, reaction: 'DISLIKE' as const, at };
    await waves.search.bus.publish(reactionSet, dislike);
    await waves.search.settle();
    const without = (await waves.ask(viewer, PREVIEW, { input, first: 16, randomSeed: 3 })).myWave;
    expect(without.items.filter((item: Item) => item.album !== null)).toEqual([]);
  });

  it('tells what it can be asked for', async () => {
    const { waveOptions } = (await asCaller(waves.search.subgraph, null)(OPTIONS)).data;
    expect(waveOptions.moods[3]).toEqual({ value: 'CALM', name: 'Calm' });
    expect(waveOptions.languages).toEqual([
      { value: 'en', name: 'English' },
      { value: 'ru', name: 'Russian' },
    ]);
    expect(waveOptions.seeds).toContainEqual({ value: 'Tag' });
    expect(waveOptions.exploration).toEqual({ min: 0, max: 0.3, default: 0.08 });
  });
});
