import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDescribed,
  albumTracksChanged,
  artistCreated,
  artistDeleted,
  artistUpdated,
  type DataOf,
  newId,
  reactionSet,
  trackDeleted,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, atAngle, openSearch, type OpenSearch } from './testing/open-search.ts';

type Track = DataOf<typeof trackUpdated>;
type Otherwise = Parameters<typeof anOpening>[1];

const owner = aViewer();
const other = aViewer();
const DRAFT: Otherwise = { isOpen: false, reason: 'DRAFT' };
const FIND = `query ($query: String!) { search(query: $query) {
  tracks { edges { node { id } } } artists { edges { node { id } } } albums { edges { node { id } } } }
  suggest(prefix: $query) { id } }`;
const RADIO = 'query ($seed: ID!) { radio(seed: $seed) { edges { node { id } } } }';
const SIMILAR = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
  similar { edges { node { id } } } } } }`;
const START = `mutation ($input: StartWaveInput!) { startWave(input: $input) {
  wave { id items { track { id } } } errors { code } } }`;

let search: OpenSearch;
beforeAll(async () => {
  search = await openSearch({ opensTracks: false });
});
afterAll(async () => search[Symbol.asyncDispose]());

const idsIn = (told: unknown) => new Set(JSON.stringify(told).match(/[a-z]{3}_[0-9a-f]{32}/g) ?? []);

async function ask(viewer: Viewer | null, document: string, variables: Record<string, unknown>) {
  const { data, errors } = await asCaller(search.subgraph, viewer)(document, variables);
  return { found: idsIn(data), errors };
}
const found = async (viewer: Viewer | null, query: string) => (await ask(viewer, FIND, { query })).found;

async function state(track: Pick<Track, 'trackId' | 'ownerId'>, otherwise: Otherwise = {}): Promise<void> {
  await search.bus.publish(trackOpennessChanged, anOpening(track, otherwise));
  await search.settle();
}

async function describeTrack(more: Parameters<typeof aTrack>[0]): Promise<Track> {
  const track = aTrack({ ownerId: owner.userId, ...more });
  await search.bus.publish(trackUpdated, track);
  await search.settle();
  return track;
}

describe('a track that is closed', () => {
  it('is found by its owner alone, and by all as soon as it is opened', async () => {
    const track = await describeTrack({ title: 'Ambergris', vector: [0, 0, 1, 0] });
    expect(await found(owner, 'ambergris')).toEqual(new Set([track.trackId]));
    for (const who of [other, null]) expect(await found(who, 'ambergris')).toEqual(new Set());
    await state(track);
    expect(await found(null, 'ambergris')).toEqual(new Set([track.trackId]));
    await state(track, { isOpen: false, reason: 'MODERATED' });
    expect(await found(null, 'ambergris')).toEqual(new Set());
    await search.bus.publish(trackUpdated, { ...track, title: 'Ambergris again' });
    await search.settle();
    expect(await found(null, 'ambergris')).toEqual(new Set());
  });

  it('is no neighbour, seed or part of a radio or a wave', async () => {
    const [open, closed] = [
      await describeTrack({ title: 'Basalt', vector: atAngle(0) }),
      await describeTrack({ title: 'Bauxite', vector: atAngle(1) }),
    ];
    await state(open);
    await state(closed, DRAFT);
    const similar = async (viewer: Viewer | null, { trackId: id }: Track) =>
      (await ask(viewer, SIMILAR, { of: [{ __typename: 'Track', id }] })).found;
    expect(await similar(null, open)).not.toContain(closed.trackId);
    expect(await similar(other, closed)).toEqual(new Set());
    expect(await similar(owner, closed)).toContain(open.trackId);
    expect((await ask(null, RADIO, { seed: open.trackId })).found).not.toContain(closed.trackId);
    const { errors } = await ask(other, RADIO, { seed: closed.trackId });
    expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    const wave = await ask(other, START, { input: { seed: open.trackId } });
    expect(wave.found).not.toContain(closed.trackId);
    const refused = await asCaller(search.subgraph, other)(START, { input: { seed: closed.trackId } });
    expect(refused.data.startWave.errors).toEqual([{ code: 'NOT_FOUND' }]);

    await state(closed);
    expect(await similar(null, open)).toContain(closed.trackId);
    expect((await ask(null, RADIO, { seed: open.trackId })).found).toContain(closed.trackId);
  });

  it('leaves the queues of waves', async () => {
    const tracks = [];
    for (let n = 0; n < 8; n++) {
      const track = await describeTrack({ title: `Wave part ${n}`, vector: atAngle(n * 3) });
      await state(track);
      tracks.push(track);
    }
    const { data } = await asCaller(search.subgraph, other)(START, { input: { seed: tracks[0]?.trackId } });
    const { id, items } = data.startWave.wave;
    const queued = tracks.find(({ trackId }) =>
      items.some(({ track }: { track: { id: string } }) => track.id === trackId),
    );
    if (!queued) throw new Error('the wave has none of the tracks');
    await state(queued, DRAFT);
    const rows = await search.db.waveItem.findMany({ where: { waveId: id, trackId: queued.trackId } });
    expect(rows.map((row) => row.state)).toEqual(['REMOVED']);
  });

  it.each([
    ['before it is described', ['last', 'described', 'first']],
    ['after it is described', ['described', 'last', 'first']],
    ['in between, and again', ['first', 'last', 'described', 'first', 'last', 'described']],
  ])('is what the latest statement says where that comes %s', async (how, order) => {
    const title = `Cinnabar ${how}`;
    const track = aTrack({ ownerId: owner.userId, title });
    const [first, last] = [anOpening(track, DRAFT), anOpening(track)];
    for (const step of order) {
      if (step === 'described') await search.bus.publish(trackUpdated, track);
      else await search.bus.publish(trackOpennessChanged, step === 'first' ? first : last);
      await search.settle();
    }
    expect(await found(null, title)).toContain(track.trackId);
  });

  it('stays out where it is deleted', async () => {
    const track = await describeTrack({ title: 'Dolomite' });
    await search.bus.publish(trackDeleted, { trackId: track.trackId, ownerId: owner.userId });
    await state(track);
    await search.bus.publish(trackUpdated, track);
    await search.settle();
    for (const who of [owner, null]) expect(await found(who, 'dolomite')).toEqual(new Set());
  });
});

describe('a merged track', () => {
  it('is found by nobody, its owner neither; radios and tastes take its target', async () => {
    const [copy, target] = [
      await describeTrack({ title: 'Feldspar copy', vector: atAngle(40) }),
      await describeTrack({ title: 'Feldspar', artistName: 'Real', vector: atAngle(40) }),
    ];
    await state(copy);
    await state(target);
    const listener = aViewer();
    await search.bus.publish(reactionSet, {
      userId: listener.userId,
      trackId: copy.trackId,
      reaction: 'LIKE',
      at: new Date().toISOString(),
    });
    await state(copy, { isOpen: false, reason: 'MERGED', mergedIntoId: target.trackId });
    for (const who of [owner, other, null])
      expect(await found(who, 'feldspar')).toEqual(new Set([target.trackId]));
    const { found: heard, errors } = await ask(other, RADIO, { seed: copy.trackId });
    expect(errors).toBeUndefined();
    for (const { trackId } of [copy, target]) expect(heard).not.toContain(trackId);
    const { data } = await asCaller(search.subgraph, listener)(START, { input: {} });
    expect(data.startWave.errors).toEqual([]);
    const wave = await search.db.wave.findUniqueOrThrow({ where: { id: data.startWave.wave.id } });
    expect([...idsIn(wave.state)]).toContain(target.trackId);
    expect([...idsIn(wave.state)]).not.toContain(copy.trackId);

    await state(copy);
    expect(await found(null, 'feldspar')).toEqual(new Set([copy.trackId, target.trackId]));
  });

  it('that somebody dislikes keeps its target out of their waves', async () => {
    const [copy, target] = [
      await describeTrack({ title: 'Gneiss copy', vector: atAngle(70) }),
      await describeTrack({ title: 'Gneiss', artistName: 'Real', vector: atAngle(70) }),
    ];
    await state(target);
    await state(copy, { isOpen: false, reason: 'MERGED', mergedIntoId: target.trackId });
    const listener = aViewer();
    const disliked = { userId: listener.userId, trackId: copy.trackId, reaction: 'DISLIKE' as const };
    await search.bus.publish(reactionSet, { ...disliked, at: new Date().toISOString() });
    await search.settle();
    for (let n = 0; n < 5; n++) {
      const wave = await ask(listener, START, { input: {} });
      expect(wave.found.size).toBeGreaterThan(1);
      expect(wave.found).not.toContain(target.trackId);
    }
  });
});

describe('an album', () => {
  it('is its owner’s alone while nothing on it can be heard, and all find it before its tracks are known', async () => {
    const [albumId, artistId, ownerId] = [newId('Album'), newId('Artist'), owner.userId];
    const described = { albumId, artistId, ownerId, title: 'Labradorite', year: 2020, isReleased: true };
    await search.bus.publish(albumDescribed, described);
    await search.settle();
    expect(await found(null, 'labradorite')).toEqual(new Set([albumId]));
    const parts = [await describeTrack({ title: 'Part one' }), await describeTrack({ title: 'Part two' })];
    await search.bus.publish(albumTracksChanged, { albumId, trackIds: parts.map(({ trackId }) => trackId) });
    for (const part of parts) await state(part, DRAFT);
    for (const who of [other, null]) expect(await found(who, 'labradorite')).not.toContain(albumId);
    expect(await found(owner, 'labradorite')).toContain(albumId);
    await state(parts[1]!);
    for (const who of [owner, other, null]) expect(await found(who, 'labradorite')).toContain(albumId);
  });
});

describe('an artist page', () => {
  const page = { artistId: newId('Artist'), ownerId: owner.userId };
  const update = async (name: string, more: object = {}, occurredAt = new Date().toISOString()) => {
    const event = { ...page, name, isVerified: false, isOpen: true, picture: [], ...more };
    await search.bus.publish(artistUpdated, event, { occurredAt });
    await search.settle();
  };

  it('is found by its latest name, by nobody while it is hidden or once it is gone', async () => {
    await search.bus.publish(artistCreated, { ...page, name: 'Halite' });
    await search.settle();
    expect(await found(null, 'halite')).toContain(page.artistId);
    await update('Jasper');
    await update('Kyanite', {}, '2020-01-01T00:00:00.000Z');
    expect(await found(null, 'jasper')).toContain(page.artistId);
    for (const old of ['halite', 'kyanite']) expect(await found(null, old)).not.toContain(page.artistId);
    await update('Jasper', { isOpen: false });
    expect(await found(null, 'jasper')).not.toContain(page.artistId);
    expect(await found(owner, 'jasper')).toContain(page.artistId);
    await update('Jasper');
    expect(await found(null, 'jasper')).toContain(page.artistId);
    await search.bus.publish(artistDeleted, page);
    await update('Jasper');
    for (const who of [owner, null]) expect(await found(who, 'jasper')).not.toContain(page.artistId);
  });
});
