import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AddToPlaylistDocument,
  CreateAlbumDocument,
  CreatePlaylistDocument,
  DataRequestDocument,
  type DataRequestFieldsFragment,
  DataRequestProgressDocument,
  LoginDocument,
  MeDocument,
  PlaylistDocument,
  ReportPlaybackDocument,
  RequestDataExportDocument,
  RequestErasureDocument,
  SearchDocument,
  SetReactionDocument,
  StartWaveDocument,
  TrackDocument,
} from '@volna/gateway/client';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import yauzl from 'yauzl';

import { SERVICES } from './backends/options.ts';
import { type Api, openApi } from './client/api.ts';
import { sendFile } from './client/send-file.ts';
import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { searchDatabase, searchFiles } from './testing/search-stores.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';

/** Words that are nowhere but where a person has put them. */
const mark = randomBytes(5).toString('hex');
const ARTIST = `Zhanna${mark}`;
const TITLE = `Harbour${mark}`;
const ALBUM = `Tides${mark}`;
const PLAYLIST = `Mornings${mark}`;
const FILE = `master${mark}`;

describe('a person and what is kept of them', () => {
  let volna: TestStack;
  let zhanna: Account;
  let bob: Account;
  let trackId: string;
  let bobsList: string;

  beforeAll(async () => {
    volna = await openTestStack();
    zhanna = await signUp(volna.endpoint);
    bob = await signUp(volna.endpoint);
    const artistId = await openArtist(zhanna, ARTIST);
    const tags = { title: TITLE, artist: ARTIST, genre: 'Ambient' };
    const file = await makeTune(volna.backends.ffmpeg, volna.directory, { name: FILE, format: 'mp3', tags });
    trackId = await sendFile(zhanna.api, { file, artistId }, () => {});
    // of the test's own, not of Volna's
    await rm(file);
    await zhanna.api.ask(CreateAlbumDocument, { input: { artistId, title: ALBUM } });
    await listen(zhanna.api, trackId);
    bobsList = await keep(bob.api, 'Of others', trackId);
    await keep(zhanna.api, PLAYLIST, trackId);
    await listen(bob.api, trackId);
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  it('asks for the password before it gives or takes anything', async () => {
    const input = { password: 'not mine' };
    const { requestDataExport } = await zhanna.api.ask(RequestDataExportDocument, { input });
    const { requestErasure } = await zhanna.api.ask(RequestErasureDocument, { input });
    for (const { dataRequest, errors } of [requestDataExport, requestErasure]) {
      expect({ dataRequest, codes: errors.map(({ code }) => code) }).toEqual({
        dataRequest: null,
        codes: ['INVALID_CREDENTIALS'],
      });
    }
  });

  it('gives everything that every service keeps, in one archive', async () => {
    const input = { password: zhanna.password };
    const { requestDataExport } = await zhanna.api.ask(RequestDataExportDocument, { input });
    const done = await follow(zhanna.api, requestDataExport.dataRequest?.id ?? '');
    expect(done).toMatchObject({ kind: 'EXPORT', state: 'DONE', progress: 100, receipt: null });

    const bytes = Buffer.from(await (await fetch(done.download?.url ?? '')).arrayBuffer());
    expect(bytes.length).toBe(done.download?.sizeBytes);
    const files = await unzip(bytes);
    const original = [...files.keys()].find((name) => name.startsWith('originals/'));
    expect(original).toContain(FILE);
    expect(files.get(original ?? '')?.length).toBeGreaterThan(10_000);
    const read = (service: string) => JSON.parse(files.get(`${service}.json`)?.toString() ?? '{}');
    expect(read('users').user).toEqual([expect.objectContaining({ username: zhanna.username })]);
    expect(read('users').session).toHaveLength(1);
    expect(read('catalog').track).toEqual([expect.objectContaining({ id: trackId, title: TITLE })]);
    expect(read('albums').album).toEqual([expect.objectContaining({ title: ALBUM })]);
    expect(read('albums').playlist).toEqual([expect.objectContaining({ title: PLAYLIST })]);
    expect(read('playback').listening).toEqual([expect.objectContaining({ track_id: trackId })]);
    expect(read('search').wave).toHaveLength(1);
    const text = [...files.values()].map(String).join('\n');
    expect(text).not.toContain(bob.username);
    expect(text).not.toMatch(/argon2|password_hash|"hash"/);
  });

  it('shows a request to nobody else', async () => {
    const { me } = await zhanna.api.ask(MeDocument, {});
    expect(me?.username).toBe(zhanna.username);
    const { requestDataExport } = await zhanna.api.ask(RequestDataExportDocument, {
      input: { password: zhanna.password },
    });
    const id = requestDataExport.dataRequest?.id ?? '';
    for (const api of [bob.api, openApi(volna.endpoint)]) {
      await expect(
        api.ask(DataRequestDocument, { id }).catch(() => ({ dataRequest: null })),
      ).resolves.toEqual({
        dataRequest: null,
      });
    }
    await follow(zhanna.api, id);
  });

  it('forgets a person in every store, and proves it', async () => {
    const { me } = await zhanna.api.ask(MeDocument, {});
    const input = { password: zhanna.password };
    const { requestErasure } = await zhanna.api.ask(RequestErasureDocument, { input });
    const id = requestErasure.dataRequest?.id ?? '';
    const done = await follow(zhanna.api, id);
    expect(done).toMatchObject({ kind: 'ERASURE', state: 'DONE', progress: 100, download: null });

    const jwks = (await (await fetch(`${volna.stack.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(done.receipt ?? '', createLocalJWKSet(jwks), {
      issuer: 'volna',
      typ: 'erasure-receipt+jwt',
      algorithms: ['RS256'],
    });
    expect(payload).toMatchObject({
      sub: me?.id,
      jti: id,
      services: {
        users: { user: 1 },
        catalog: { track: 1, artist: 1, originals: 1 },
        albums: { album: 1, playlist: 1 },
        playback: { listening: 1 },
        search: { wave: 1, indexed_track: 1 },
      },
    });

    const words = [mark, zhanna.username, me?.email ?? ''];
    for (const service of SERVICES) {
      expect(await searchDatabase(volna.backends.databaseUrl(service), words)).toEqual([]);
    }
    expect(await searchFiles(volna.directory, words)).toEqual([]);
    expect(await volna.backends.objects.list(`tracks/${trackId}/`)).toEqual([]);
    expect(await volna.backends.objects.list('exports/')).toEqual([]);
  });

  it('lets nobody back in, and takes what was made from everybody else', async () => {
    const stranger = openApi(volna.endpoint);
    const { login } = await stranger.ask(LoginDocument, {
      input: { login: zhanna.username, password: zhanna.password },
    });
    expect(login.errors.map(({ code }) => code)).toEqual(['INVALID_CREDENTIALS']);
    expect((await stranger.ask(TrackDocument, { id: trackId })).track).toBeNull();
    const { search } = await stranger.ask(SearchDocument, { query: TITLE });
    expect(search.tracks.edges).toEqual([]);
    const { playlist } = await bob.api.ask(PlaylistDocument, { id: bobsList });
    expect(playlist?.items.edges).toEqual([]);
    const again = await signUp(volna.endpoint);
    expect((await again.api.ask(MeDocument, {})).me?.username).toBe(again.username);
  });
});

/** Plays a track, likes it and has a wave of it. */
async function listen(api: Api, trackId: string): Promise<void> {
  await api.ask(SetReactionDocument, { input: { trackId, reaction: 'LIKE' } });
  await api.ask(ReportPlaybackDocument, {
    input: {
      trackId,
      event: 'FINISHED',
      positionMs: 8000,
      clientEventId: randomBytes(8).toString('hex'),
      source: 'ORGANIC',
      deviceType: 'DESKTOP',
      occurredAt: new Date().toISOString(),
    },
  });
  await api.ask(StartWaveDocument, { input: { seed: trackId } });
}

async function keep(api: Api, title: string, trackId: string): Promise<string> {
  const { createPlaylist } = await api.ask(CreatePlaylistDocument, {
    input: { title, visibility: 'PUBLIC' },
  });
  const playlistId = createPlaylist.playlist?.id ?? '';
  await api.ask(AddToPlaylistDocument, { input: { playlistId, trackIds: [trackId] } });
  return playlistId;
}

/** The last state of a request; its progress must not fall. */
async function follow(api: Api, id: string): Promise<DataRequestFieldsFragment> {
  const seen: DataRequestFieldsFragment[] = [];
  for await (const { dataRequestProgress } of api.watch(DataRequestProgressDocument, { id })) {
    seen.push(dataRequestProgress);
  }
  const progress = seen.map((request) => request.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  // the state that it begins with, and then changes only
  const states = seen.map((request) => JSON.stringify([request.state, request.progress, request.parts]));
  expect(new Set(states).size).toBe(states.length);
  const last = seen.at(-1);
  if (!last) throw new Error('no state of the request was told');
  return last;
}

async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}
