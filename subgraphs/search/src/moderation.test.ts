import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDescribed,
  albumTracksChanged,
  artistCreated,
  moderationDecided,
  newId,
  playlistDescribed,
  reactionSet,
  TrackId,
  trackOpennessChanged,
  trackUpdated,
  type UserId,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';

const owner = aViewer();
const FIND = `query ($query: String!) { search(query: $query) {
  tracks { edges { node { id } } } artists { edges { node { id } } }
  albums { edges { node { id } } } playlists { edges { node { id } } } } suggest(prefix: $query) { id } }`;
const RADIO = 'query ($seed: ID!) { radio(seed: $seed) { edges { node { id } } } }';
const START = `mutation ($input: StartWaveInput!) { startWave(input: $input) {
  wave { id items { track { id } reason { text } } } errors { code } } }`;
const MY_WAVE = `subscription ($waveId: ID!) { myWave(waveId: $waveId) {
  __typename ... on WaveRetuned { removedSeqs } } }`;

let search: OpenSearch;
beforeAll(async () => {
  search = await openSearch();
});
afterAll(async () => search[Symbol.asyncDispose]());

/** Everything that a word finds or completes, by id. */
async function found(viewer: Viewer | null, query: string): Promise<Set<string>> {
  // asked twice: the second answer may come from the cache
  await asCaller(search.subgraph, viewer)(FIND, { query });
  const { data, errors } = await asCaller(search.subgraph, viewer)(FIND, { query });
  expect(errors).toBeUndefined();
  return new Set(JSON.stringify(data).match(/[a-z]{3}_[0-9a-f]{32}/g) ?? []);
}

let clock = Date.now();
async function decide(
  targetType: 'ARTIST' | 'ALBUM' | 'PLAYLIST',
  targetId: string,
  state: 'CLEAR' | 'HIDDEN' | 'TAKEN_DOWN',
  at = (clock += 1),
) {
  const decided = { targetType, targetId, ownerId: owner.userId, state };
  await search.bus.publish(moderationDecided, { ...decided, at: new Date(at).toISOString() });
  await search.settle();
}

/** An artist with an album of one track, and a playlist; all called by one word of their own. */
async function aPage(word: string) {
  const ownerId = owner.userId;
  const [artistId, albumId, playlistId] = [newId('Artist'), newId('Album'), newId('Playlist')];
  const track = aTrack({ ownerId, artistId, artistName: `${word} players`, title: `Song by ${word}` });
  const { bus } = search;
  await bus.publish(artistCreated, { artistId, ownerId, name: `${word} players` });
  await bus.publish(trackUpdated, track);
  const album = { albumId, artistId, ownerId, title: `${word} days`, year: 2020, isReleased: true };
  await bus.publish(albumDescribed, album);
  await bus.publish(albumTracksChanged, { albumId, trackIds: [track.trackId] });
  const playlist = { playlistId, ownerId, title: `${word} mix`, visibility: 'PUBLIC' as const };
  await bus.publish(playlistDescribed, playlist);
  await search.settle();
  return { artistId, albumId, playlistId, album, playlist, trackId: track.trackId };
}

describe('what moderators hide', () => {
  it.each(['ALBUM', 'PLAYLIST'] as const)('goes from answers at once and comes back: %s', async (type) => {
    const word = `${type.toLowerCase()}wort`;
    const page = await aPage(word);
    const id = type === 'ALBUM' ? page.albumId : page.playlistId;
    expect(await found(null, word)).toContain(id);
    await decide(type, id, 'HIDDEN');
    for (const who of [null, aViewer()]) expect(await found(who, word)).not.toContain(id);
    expect(await found(owner, word)).toContain(id);
    await decide(type, id, 'CLEAR');
    expect(await found(null, word)).toContain(id);
  });

  it('goes with all the albums of an artist page', async () => {
    const page = await aPage('quillfeather');
    await decide('ARTIST', page.artistId, 'TAKEN_DOWN');
    const seen = await found(null, 'quillfeather');
    for (const id of [page.artistId, page.albumId]) expect(seen).not.toContain(id);
    expect(seen).toContain(page.playlistId);
    await decide('ARTIST', page.artistId, 'CLEAR');
    const back = await found(null, 'quillfeather');
    for (const id of [page.artistId, page.albumId]) expect(back).toContain(id);
  });

  it('stays hidden by itself when its page comes back, and the other way around', async () => {
    const { artistId, albumId } = await aPage('thornapple');
    await decide('ARTIST', artistId, 'HIDDEN');
    await decide('ALBUM', albumId, 'HIDDEN');
    await decide('ARTIST', artistId, 'CLEAR');
    expect(await found(null, 'thornapple')).not.toContain(albumId);
    await decide('ARTIST', artistId, 'HIDDEN');
    await decide('ALBUM', albumId, 'CLEAR');
    expect(await found(null, 'thornapple')).not.toContain(albumId);
    await decide('ARTIST', artistId, 'CLEAR');
    expect(await found(null, 'thornapple')).toContain(albumId);
  });

  it('is not found again because its owner changes it, nor a draft because it is cleared', async () => {
    const { albumId, album, playlistId, playlist } = await aPage('mistlewood');
    await decide('ALBUM', albumId, 'HIDDEN');
    await decide('PLAYLIST', playlistId, 'HIDDEN');
    await search.bus.publish(albumDescribed, { ...album, title: 'mistlewood nights' });
    await search.bus.publish(playlistDescribed, { ...playlist, title: 'mistlewood mixed' });
    await search.settle();
    const seen = await found(null, 'mistlewood');
    for (const id of [albumId, playlistId]) expect(seen).not.toContain(id);
    await search.bus.publish(albumDescribed, { ...album, isReleased: false });
    await search.bus.publish(playlistDescribed, { ...playlist, visibility: 'UNLISTED' });
    await decide('ALBUM', albumId, 'CLEAR');
    await decide('PLAYLIST', playlistId, 'CLEAR');
    const after = await found(null, 'mistlewood');
    for (const id of [albumId, playlistId]) expect(after).not.toContain(id);
  });

  it('is known though it is told before the thing itself, and the later decision counts', async () => {
    const playlistId = newId('Playlist');
    const at = (clock += 10);
    await decide('PLAYLIST', playlistId, 'HIDDEN', at);
    await decide('PLAYLIST', playlistId, 'CLEAR', at - 5);
    const playlist = {
      playlistId,
      ownerId: owner.userId,
      title: 'yarrowroot',
      visibility: 'PUBLIC' as const,
    };
    await search.bus.publish(playlistDescribed, playlist);
    await search.settle();
    expect(await found(null, 'yarrowroot')).not.toContain(playlistId);
  });

  it('takes its title with it: its tracks are not found by that', async () => {
    const { albumId, album, trackId } = await aPage('sorrelbank');
    await search.bus.publish(albumDescribed, { ...album, title: 'zephyrine' });
    await search.settle();
    expect(await found(null, 'zephyrine')).toEqual(new Set([albumId, trackId]));
    await decide('ALBUM', albumId, 'HIDDEN');
    expect(await found(null, 'zephyrine')).toEqual(new Set());
    await decide('ALBUM', albumId, 'CLEAR');
    expect(await found(null, 'zephyrine')).toEqual(new Set([albumId, trackId]));
  });

  it('begins no radio and no wave, and leaves the words of those that have begun', async () => {
    const { albumId } = await aPage('larkspur');
    const listener = aViewer();
    await search.bus.publish(trackUpdated, aTrack({ title: 'Near it' }));
    await search.settle();
    const start = async () =>
      (await asCaller(search.subgraph, listener)(START, { input: { seed: albumId } })).data.startWave;
    const begun = await start();
    expect(JSON.stringify(begun)).toContain('larkspur days');
    expect(begun.errors).toEqual([]);
    await decide('ALBUM', albumId, 'HIDDEN');
    expect(await start()).toEqual({ wave: null, errors: [{ code: 'NOT_FOUND' }] });
    const { errors } = await asCaller(search.subgraph)(RADIO, { seed: albumId });
    expect(errors?.[0].extensions.code).toBe('NOT_FOUND');
    const kept = await search.db.wave.findUniqueOrThrow({ where: { id: begun.wave.id } });
    const items = await search.db.waveItem.findMany({ where: { waveId: begun.wave.id } });
    expect(JSON.stringify([kept, items])).not.toContain('larkspur days');
    expect(items.length).toBeGreaterThan(0);
  });

  it('leaves a running wave, which says so and names it no more', async () => {
    const listener = aViewer();
    const library = Array.from({ length: 12 }, (_, n) =>
      aTrack({ title: `Fernhollow ${n}`, vector: [1, n / 40, 0, 0] }),
    );
    for (const track of library) await search.bus.publish(trackUpdated, track);
    const [liked = aTrack()] = library;
    const like = { userId: listener.userId, trackId: liked.trackId, reaction: 'LIKE' as const };
    await search.bus.publish(reactionSet, { ...like, at: new Date().toISOString() });
    await search.settle();
    const ask = asCaller(search.subgraph, listener);
    const { wave } = (await ask(START, { input: { exploration: 0 } })).data.startWave;
    expect(JSON.stringify(wave.items)).toContain('Because you like “Fernhollow 0”');

    const updates = subscribeAs(search.subgraph, listener, MY_WAVE, { waveId: wave.id });
    expect((await updates.next()).value?.data.myWave.__typename).toBe('WaveItems');
    const first = { trackId: TrackId.parse(wave.items[0].track.id), ownerId: owner.userId };
    await close(first);
    expect((await updates.next()).value?.data.myWave).toMatchObject({
      __typename: 'WaveRetuned',
      removedSeqs: [1],
    });
    await updates.return(undefined);

    await close(liked);
    const input = { waveId: wave.id, seq: 2, type: 'DISLIKED', clientEventId: 'no' };
    await ask('mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { ok } }', { input });
    const queued = await search.db.waveItem.findMany({ where: { waveId: wave.id, state: 'QUEUED' } });
    expect(queued.length).toBeGreaterThan(0);
    for (const item of queued) {
      expect([first.trackId, liked.trackId]).not.toContain(item.trackId);
      expect(JSON.stringify(item.reason)).not.toContain('Fernhollow 0');
    }
  });
});

async function close(track: { readonly trackId: TrackId; readonly ownerId: UserId }): Promise<void> {
  await search.bus.publish(trackOpennessChanged, anOpening(track, { isOpen: false, reason: 'MODERATED' }));
  const decided = { targetType: 'TRACK' as const, targetId: track.trackId, ownerId: track.ownerId };
  await search.bus.publish(moderationDecided, { ...decided, state: 'HIDDEN', at: new Date().toISOString() });
  await search.settle();
}
