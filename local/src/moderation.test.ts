import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AddToPlaylistDocument,
  AddTracksToAlbumDocument,
  AlbumDocument,
  AppealModerationDocument,
  CreateAlbumDocument,
  CreatePlaylistDocument,
  DecideAppealDocument,
  LibraryDocument,
  LoginDocument,
  ModerateDocument,
  ModerationQueueDocument,
  MyModerationCasesDocument,
  MyWaveDocument,
  NodeDocument,
  PlaylistDocument,
  RadioDocument,
  RecentlyAddedDocument,
  ReportContentDocument,
  SearchDocument,
  SetReactionDocument,
  SimilarDocument,
  StartWaveDocument,
  StreamDocument,
  SuggestDocument,
  TrackDocument,
  TrackModerationDocument,
} from '@volna/gateway/client';
import { runMakeAdmin } from '@volna/users/make-admin';

import { type Api, openApi } from './client/api.ts';
import { sendFile } from './client/send-file.ts';
import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';

const TITLES = ['Kestrel Morning', 'Glass Harbour', 'Undertow', 'Paper Boats', 'Northern Line'];
const EVERYWHERE = {
  track: true,
  node: true,
  search: true,
  suggest: true,
  similar: true,
  radio: true,
  album: true,
  playlist: true,
  recentlyAdded: true,
  library: true,
  wave: true,
  stream: true,
};
const NOWHERE = Object.fromEntries(Object.keys(EVERYWHERE).map((place) => [place, false]));

let volna: TestStack;
let alice: Account;
let bob: Account;
let admin: Api;
let stranger: Api;
let [hidden, near, albumId, playlistId] = ['', '', '', ''];

beforeAll(async () => {
  volna = await openTestStack();
  alice = await signUp(volna.endpoint);
  bob = await signUp(volna.endpoint);
  stranger = openApi(volna.endpoint);
  admin = await signUpAdmin();
  const artistId = await openArtist(alice, 'Aurora');
  const ids = await Promise.all(
    TITLES.map(async (title, at) => {
      const tune = {
        name: `tune-${at}`,
        format: 'mp3' as const,
        tags: { title },
        root: 150 + at * 37,
        bpm: 80,
      };
      const file = await makeTune(volna.backends.ffmpeg, volna.directory, tune);
      return sendFile(alice.api, { file, artistId }, () => {});
    }),
  );
  [hidden = '', near = ''] = ids;
  const album = await alice.api.ask(CreateAlbumDocument, { input: { artistId, title: 'Tides' } });
  albumId = album.createAlbum.album?.id ?? '';
  await alice.api.ask(AddTracksToAlbumDocument, { input: { albumId, trackIds: ids } });
  const playlist = await bob.api.ask(CreatePlaylistDocument, {
    input: { title: 'Evening Kites', visibility: 'PUBLIC' },
  });
  playlistId = playlist.createPlaylist.playlist?.id ?? '';
  await bob.api.ask(AddToPlaylistDocument, { input: { playlistId, trackIds: ids } });
  for (const trackId of [hidden, near]) {
    await bob.api.ask(SetReactionDocument, { input: { trackId, reaction: 'LIKE' } });
  }
}, 300_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

/** An account that has been made an ADMIN, and has signed in since. */
async function signUpAdmin(): Promise<Api> {
  const { username, password } = await signUp(volna.endpoint);
  await runMakeAdmin(volna.backends.databaseUrl('users'), username);
  const { login } = await openApi(volna.endpoint).ask(LoginDocument, {
    input: { login: username, password },
  });
  return openApi(volna.endpoint, login.session?.accessToken ?? '');
}

const holds = (
  edges: readonly { readonly node?: { readonly id: string } | null }[] | undefined,
  id = hidden,
) => edges?.some(({ node }) => node?.id === id) ?? false;

/** Where somebody comes across the track; of what is a listener's own, the listener's. */
async function places(api: Api): Promise<Record<string, boolean>> {
  const { track } = await api.ask(TrackDocument, { id: hidden });
  const { node } = await api.ask(NodeDocument, { id: hidden });
  const { search } = await api.ask(SearchDocument, { query: 'kestrel morning' });
  const { suggest } = await api.ask(SuggestDocument, { prefix: 'kestr' });
  const similar = await api.ask(SimilarDocument, { id: near });
  const { radio } = await api.ask(RadioDocument, { seed: near });
  const { album } = await api.ask(AlbumDocument, { id: albumId });
  const { playlist } = await api.ask(PlaylistDocument, { id: playlistId });
  const { recentlyAdded } = await api.ask(RecentlyAddedDocument, {});
  const stream = await api.ask(StreamDocument, { id: hidden });
  const { me } = await bob.api.ask(LibraryDocument, {});
  const { startWave } = await bob.api.ask(StartWaveDocument, { input: {} });
  return {
    track: track !== null,
    node: node !== null,
    search: holds(search.tracks.edges) || search.tracks.totalCount > 0,
    suggest: suggest.some(({ id }) => id === hidden),
    similar: holds(similar.track?.similar.edges),
    radio: holds(radio.edges),
    album: holds(album?.tracks.edges),
    playlist: playlist?.items.edges.some(({ node: item }) => item?.track?.id === hidden) ?? false,
    recentlyAdded: holds(recentlyAdded.edges),
    library: holds(me?.library?.edges),
    wave: startWave.wave?.items.some((item) => item.track?.id === hidden) ?? false,
    stream: track !== null && stream.track?.stream != null,
  };
}

/** Each service hears of it a moment later. */
async function untilFound(api: Api, expected: Record<string, boolean>): Promise<void> {
  let seen: Record<string, boolean> = {};
  await until(`all places show it or none: ${JSON.stringify(expected)}`, async () => {
    seen = await places(api);
    return JSON.stringify(seen) === JSON.stringify(expected);
  }).catch(() => undefined);
  expect(seen).toEqual(expected);
}

/** What a playlist names first. */
const follow = async (address: string) => {
  const lines = (await (await fetch(address)).text()).split('\n');
  return new URL(lines.find((line) => line !== '' && !line.startsWith('#')) ?? '', address).href;
};

/** The playlists and one segment behind a stream's address. */
async function addressesOf(api: Api): Promise<string[]> {
  const { track } = await api.ask(StreamDocument, { id: hidden });
  const master = track?.stream?.hlsUrl ?? '';
  const media = await follow(master);
  return [master, media, await follow(media)];
}

const statusesOf = (addresses: readonly string[]) =>
  Promise.all(
    addresses.map(async (address) => {
      const answer = await fetch(address);
      await answer.arrayBuffer();
      return answer.status;
    }),
  );

const untilPlays = (addresses: readonly string[], status: number) =>
  until(`the stream answers ${status}`, async () =>
    (await statusesOf(addresses)).every((each) => each === status),
  );

describe('a track that moderators hide', () => {
  it('vanishes everywhere at once, and comes back everywhere when its owner’s appeal is granted', async () => {
    await untilFound(stranger, EVERYWHERE);
    const [heard, own] = [await addressesOf(stranger), await addressesOf(alice.api)];
    expect(await statusesOf([...heard, ...own])).toEqual(Array.from({ length: 6 }, () => 200));
    const { startWave } = await bob.api.ask(StartWaveDocument, { input: {} });
    const waveId = startWave.wave?.id ?? '';
    const queued = startWave.wave?.items.find(({ track }) => track?.id === hidden);
    const updates = bob.api.watch(MyWaveDocument, { waveId });
    expect((await updates.next()).value?.myWave.__typename).toBe('WaveItems');

    const report = { targetId: hidden, category: 'COPYRIGHT' as const, text: 'This is my song.' };
    expect((await bob.api.ask(ReportContentDocument, { input: report })).reportContent.ok).toBe(true);
    const { moderationQueue } = await admin.ask(ModerationQueueDocument, {});
    expect(moderationQueue.edges.map(({ node }) => [node.targetId, node.reportCount])).toEqual([[hidden, 1]]);
    const decision = { targetId: hidden, decision: 'HIDDEN' as const, reason: 'It is somebody else’s.' };
    expect((await admin.ask(ModerateDocument, { input: decision })).moderate.errors).toEqual([]);

    await untilPlays(heard, 404);
    const { value: told } = await updates.next();
    expect(told?.myWave).toMatchObject({ __typename: 'WaveRetuned', removedSeqs: [queued?.seq] });
    await updates.return?.();
    for (const api of [stranger, bob.api]) await untilFound(api, NOWHERE);

    // its owner sees it, hears it, and is told why
    expect(await statusesOf(own)).toEqual([200, 200, 200]);
    const { track } = await alice.api.ask(TrackModerationDocument, { id: hidden });
    expect(track).toMatchObject({ moderation: 'HIDDEN', moderationCase: { reason: decision.reason } });
    const caseId = track?.moderationCase?.id ?? '';
    const appeal = { caseId, text: 'I recorded it in 2019; here are the files.' };
    expect(
      (await alice.api.ask(AppealModerationDocument, { input: appeal })).appealModeration.errors,
    ).toEqual([]);
    const waiting = await admin.ask(ModerationQueueDocument, { state: 'APPEALED' });
    expect(waiting.moderationQueue.edges[0]?.node.appeal).toBe(appeal.text);
    const answer = { caseId, grant: true, reason: 'You are right.' };
    const { decideAppeal } = await admin.ask(DecideAppealDocument, { input: answer });
    expect(decideAppeal.case?.history?.map(({ kind }) => kind)).toEqual([
      'REPORTED',
      'DECIDED',
      'APPEALED',
      'APPEAL_GRANTED',
    ]);

    await untilFound(stranger, EVERYWHERE);
    await untilPlays(heard, 200);
    const { me } = await alice.api.ask(MyModerationCasesDocument, {});
    expect(me?.moderationCases?.edges[0]?.node).toMatchObject({ state: 'CLOSED', decision: 'CLEAR' });
  }, 180_000);

  it('is heard by nobody while it is taken down, though its owner sees that it was there', async () => {
    const own = await addressesOf(alice.api);
    const decision = { targetId: hidden, decision: 'TAKEN_DOWN' as const, reason: 'A court said so.' };
    await admin.ask(ModerateDocument, { input: decision });
    await untilPlays(own, 404);
    const { track } = await alice.api.ask(TrackModerationDocument, { id: hidden });
    expect(track).toMatchObject({ moderation: 'TAKEN_DOWN' });
    await until('no stream is given', async () => {
      const asked = await Promise.all(
        [alice.api, admin].map((api) => api.ask(StreamDocument, { id: hidden })),
      );
      return asked.every((each) => each.track?.stream === null);
    });
    await admin.ask(ModerateDocument, { input: { targetId: hidden, decision: 'CLEAR' } });
    await untilPlays(own, 200);
  }, 60_000);
});

const decide = async (targetId: string, decision: 'HIDDEN' | 'CLEAR') => {
  const { moderate } = await admin.ask(ModerateDocument, {
    input: { targetId, decision, reason: 'Spam.' },
  });
  expect(moderate.errors).toEqual([]);
};

describe('an album, a playlist and an artist page that moderators hide', () => {
  it('are found by nobody, nor what is only on them, and come back', async () => {
    const { artist } = (await stranger.ask(TrackDocument, { id: hidden })).track ?? {};
    const seen = async () => {
      const { search } = await stranger.ask(SearchDocument, { query: 'evening kites' });
      const aurora = (await stranger.ask(SearchDocument, { query: 'aurora' })).search;
      const tides = (await stranger.ask(SearchDocument, { query: 'tides' })).search;
      return {
        playlist: (await stranger.ask(PlaylistDocument, { id: playlistId })).playlist !== null,
        foundPlaylist: holds(search.playlists.edges, playlistId),
        album: (await stranger.ask(AlbumDocument, { id: albumId })).album !== null,
        foundAlbum: holds(tides.albums.edges, albumId),
        foundArtist: holds(aurora.artists.edges, artist?.id ?? ''),
        track: (await stranger.ask(TrackDocument, { id: hidden })).track !== null,
      };
    };
    const untilSeen = async (expected: Record<string, boolean>) => {
      let last: Record<string, boolean> = {};
      await until('it is seen so', async () => {
        last = await seen();
        return JSON.stringify(last) === JSON.stringify(expected);
      }).catch(() => undefined);
      expect(last).toEqual(expected);
    };
    const all = {
      playlist: true,
      foundPlaylist: true,
      album: true,
      foundAlbum: true,
      foundArtist: true,
      track: true,
    };
    await untilSeen(all);
    await decide(playlistId, 'HIDDEN');
    await untilSeen({ ...all, playlist: false, foundPlaylist: false });
    await decide(albumId, 'HIDDEN');
    await untilSeen({ ...all, playlist: false, foundPlaylist: false, album: false, foundAlbum: false });
    for (const id of [playlistId, albumId]) await decide(id, 'CLEAR');
    await untilSeen(all);
    await decide(artist?.id ?? '', 'HIDDEN');
    await untilSeen({ ...all, album: false, foundAlbum: false, foundArtist: false, track: false });
    await decide(artist?.id ?? '', 'CLEAR');
    await untilSeen(all);
  }, 120_000);
});
