/* oxlint-disable typescript/no-explicit-any -- whichever operation it is, a test knows the shape of its answer */
import { readFileSync } from 'node:fs';

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as operations from '@volna/gateway/client';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';

import { type Api, openApi } from './client/api.ts';
import { sendFile } from './client/send-file.ts';
import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';

const CONTRACT = new URL(import.meta.resolve('@volna/gateway/operations'));

/** Operations of the contract by name, as the typed client has them. */
const documents = operations as unknown as Record<string, TypedDocumentNode<any, object> | undefined>;

describe('the public operations', () => {
  const run = new Set<string>();
  let volna: TestStack;
  let alice: Account;
  let artistId: string;
  let trackId: string;
  let otherId: string;

  beforeAll(async () => {
    volna = await openTestStack();
    alice = await signUp(volna.endpoint);
    artistId = await openArtist(alice, 'Contract');
    const send = async (name: string, root: number) => {
      const file = await makeTune(volna.backends.ffmpeg, volna.directory, {
        name,
        format: 'flac',
        root,
        seconds: 8,
      });
      return sendFile(alice.api, { file, artistId, title: name, genre: 'Ambient', year: 2020 }, () => {});
    };
    [trackId, otherId] = await Promise.all([send('Morning', 220), send('Evening', 262)]);
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  async function ask(name: string, variables: object = {}, api: Api = alice.api): Promise<any> {
    run.add(name);
    const document = documents[`${name}Document`] ?? fail(name);
    return api.ask(document, variables);
  }

  async function firstOf(name: string, variables: object): Promise<any> {
    run.add(name);
    const events = alice.api.watch(documents[`${name}Document`] ?? fail(name), variables);
    const { value } = await events.next();
    await events.return?.();
    return value;
  }

  it('serve accounts', async () => {
    const bob = await signUp(volna.endpoint);
    run.add('Register');
    const login = await ask('Login', { input: { login: bob.username, password: bob.password } });
    const { session } = login.login;
    expect(session.user).toMatchObject({ username: bob.username, roles: ['USER'] });
    const api = openApi(volna.endpoint, session.accessToken);
    expect((await ask('Me', {}, api)).me.username).toBe(bob.username);
    const { me } = await ask('Sessions', {}, api);
    expect(me.sessions).toHaveLength(2);
    const sessionId = me.sessions.find((open: any) => !open.current).id;
    expect((await ask('RevokeSession', { input: { sessionId } }, api)).revokeSession.ok).toBe(true);
    const refreshed = await ask('RefreshSession', { input: { refreshToken: session.refreshToken } });
    expect(refreshed.refreshSession.errors).toEqual([]);
    expect((await ask('Logout', {}, api)).logout.ok).toBe(true);
    expect(
      (await ask('RequestPasswordReset', { input: { email: 'x@example.org' } })).requestPasswordReset.ok,
    ).toBe(true);
    const reset = await ask('ResetPassword', { input: { token: 'none', newPassword: 'long enough' } });
    expect(reset.resetPassword.errors[0].code).toBe('INVALID_RESET_TOKEN');
  });

  it('serve the catalog', async () => {
    for (const name of ['CreateArtist', 'CreateUpload', 'CompleteUpload', 'TrackProcessing']) run.add(name);
    expect((await firstOf('TrackProcessing', { trackId })).trackProcessing).toMatchObject({
      stage: 'DONE',
      status: 'READY',
      progress: 100,
      track: { title: 'Morning' },
    });
    expect((await ask('Track', { id: trackId })).track).toMatchObject({
      title: 'Morning',
      year: 2020,
      genres: expect.arrayContaining([{ name: 'Ambient', confidence: 1, source: 'USER' }]),
    });
    const updated = await ask('UpdateTrack', { input: { trackId, title: 'Early morning' } });
    expect(updated.updateTrack.track.title).toBe('Early morning');
    expect((await ask('Artist', { id: artistId })).artist.tracks.edges).toHaveLength(2);
    expect((await ask('Node', { id: trackId })).node).toEqual({ __typename: 'Track', id: trackId });
    expect(
      (await ask('Node', { id: trackId.replace(/.$/, (last) => (last === '0' ? '1' : '0')) })).node,
    ).toBeNull();
  });

  it('serve albums, playlists and the library', async () => {
    const created = await ask('CreateAlbum', { input: { artistId, title: 'Hours', releaseDate: '2020-03' } });
    const albumId = created.createAlbum.album.id;
    const added = await ask('AddTracksToAlbum', { input: { albumId, trackIds: [trackId, otherId] } });
    expect(added.addTracksToAlbum.album.tracks.edges).toHaveLength(2);
    expect((await ask('Album', { id: albumId })).album).toMatchObject({
      trackCount: 2,
      artist: { name: 'Contract' },
    });
    const list = await ask('CreatePlaylist', { input: { title: 'Mornings', visibility: 'PUBLIC' } });
    const playlistId = list.createPlaylist.playlist.id;
    const filled = await ask('AddToPlaylist', { input: { playlistId, trackIds: [otherId] } });
    expect(filled.addToPlaylist.playlist.items.edges[0].node.track.title).toBe('Evening');
    expect((await ask('Playlist', { id: playlistId })).playlist.owner.username).toBe(alice.username);
    const liked = await ask('SetReaction', { input: { trackId: otherId, reaction: 'LIKE' } });
    expect(liked.setReaction.track).toEqual({ id: otherId, viewerReaction: 'LIKE' });
    expect((await ask('Library')).me.library.edges[0].node.id).toBe(otherId);
  });

  it('serve playback', async () => {
    const { track } = await ask('Stream', { id: trackId });
    expect(track.stream.renditions).toHaveLength(3);
    expect((await fetch(track.download.url)).headers.get('content-length')).toBe(
      String(track.download.sizeBytes),
    );
    const input = {
      trackId,
      event: 'STARTED',
      positionMs: 0,
      clientEventId: 'one',
      source: 'ORGANIC',
      deviceType: 'WEB',
    };
    const occurredAt = new Date().toISOString();
    expect((await ask('ReportPlayback', { input: { ...input, occurredAt } })).reportPlayback.ok).toBe(true);
    expect((await ask('History')).me.history.edges[0].node.track.id).toBe(trackId);
  });

  it('serve search, radio and waves', async () => {
    expect((await ask('Search', { query: 'evening', first: 5 })).search.tracks.edges[0].node.id).toBe(
      otherId,
    );
    expect((await ask('Suggest', { prefix: 'eve' })).suggest[0]).toMatchObject({
      kind: 'TRACK',
      id: otherId,
    });
    expect((await ask('Similar', { id: trackId })).track.similar.edges[0].node.id).toBe(otherId);
    expect((await ask('Radio', { seed: trackId })).radio.edges.length).toBeGreaterThan(0);
    const { startWave } = await ask('StartWave', { input: { seed: trackId } });
    const { id: waveId, items } = startWave.wave;
    expect(items[0].track.id).toBe(otherId);
    expect((await firstOf('MyWave', { waveId })).myWave.__typename).toBe('WaveItems');
    const input = { waveId, seq: items[0].seq, clientEventId: 'a', type: 'STARTED', positionMs: 0 };
    expect((await ask('WaveFeedback', { input })).waveFeedback.ok).toBe(true);
  });

  it('serve the search by a clip', async () => {
    const tune = { name: 'clip', format: 'mp3', root: 262, seconds: 7 } as const;
    const file = await makeTune(volna.backends.ffmpeg, volna.directory, tune);
    const bytes = readFileSync(file);
    const upload = await ask('CreateUpload', {
      input: { filename: 'clip.mp3', contentType: 'audio/mpeg', sizeBytes: bytes.length },
    });
    const { id: uploadId, parts } = upload.createUpload.upload;
    await fetch(parts[0].url, { method: 'PUT', body: new Uint8Array(bytes) });
    const { searchByAudio } = await ask('SearchByAudio', { input: { uploadId } });
    run.add('AudioSearch');
    let last: any;
    const events = alice.api.watch(
      documents['AudioSearchDocument'] as never,
      { id: searchByAudio.search.id } as never,
    );
    for await (const event of events) last = (event as any).audioSearch;
    expect(last).toMatchObject({ status: 'DONE', error: null });
    expect(last.matches[0].track.id).toBe(otherId);
  });

  it('delete a track from every list', async () => {
    expect((await ask('DeleteTrack', { input: { trackId } })).deleteTrack).toEqual({
      deletedId: trackId,
      errors: [],
    });
    expect((await ask('Track', { id: trackId })).track).toBeNull();
  });

  it('were all run', () => {
    const contract = parse(readFileSync(CONTRACT, 'utf8'));
    const names = contract.definitions
      .filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION)
      .map(({ name }) => name?.value);
    expect([...run].toSorted((a, b) => a.localeCompare(b))).toEqual(
      names.toSorted((a, b) => String(a).localeCompare(String(b))),
    );
  });
});

function fail(name: string): never {
  throw new Error(`no operation ${name}`);
}
